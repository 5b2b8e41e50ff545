/// Wilder's smoothing as in TA-Lib: the mean of the first n values, then (a·(n − 1) + x)/n.
struct WilderAverage: Sendable {
  private let length: Int
  private var count = 0
  private var sum = 0.0
  /// The average; NaN until `length` values have come.
  private(set) var value = Double.nan

  init(length: Int) {
    precondition(length >= 2, "an average needs 2 values or more, not \(length)")
    self.length = length
  }

  /// Takes in a value and returns the average; a value that would make it not finite is skipped.
  mutating func push(_ added: Double) -> Double {
    if count == length {
      let next = (value * Double(length - 1) + added) / Double(length)
      if next.isFinite { value = next }
    } else if (sum + added).isFinite {
      sum += added
      count += 1
      if count == length { value = sum / Double(length) }
    }
    return value
  }
}
