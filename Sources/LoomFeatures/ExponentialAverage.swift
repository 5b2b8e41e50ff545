internal import LoomCore

/// TA-Lib's EMA: the mean of the first n values, then e ← e + (x − e)·2/(n + 1).
struct ExponentialAverage: SnapshotState, Sendable {
  private let length: Int
  private let weight: Double
  private var count = 0
  private var sum = 0.0
  /// The average; NaN until `length` values have come.
  private(set) var value = Double.nan

  init(length: Int) {
    precondition(length >= 2, "an average needs 2 values or more, not \(length)")
    self.length = length
    weight = 2 / Double(length + 1)
  }

  /// Takes in a value and returns the average; a value that would make it not finite is skipped.
  mutating func push(_ added: Double) -> Double {
    if count == length {
      let next = value + (added - value) * weight
      if next.isFinite { value = next }
    } else if (sum + added).isFinite {
      sum += added
      count += 1
      if count == length { value = sum / Double(length) }
    }
    return value
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.count(&count)
    try coder.value(&sum)
    try coder.value(&value)
  }
}
