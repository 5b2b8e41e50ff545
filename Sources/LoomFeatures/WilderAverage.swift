internal import LoomCore

/// Wilder's smoothing as in TA-Lib: the mean of the first n values, then (a·(n − 1) + x)·(1/n).
///
/// In this order of operations, because the relative strength compares two averages that a long
/// quiet stretch has decayed to the last bits a double has.
struct WilderAverage: SnapshotState, Sendable {
  private let length: Int
  private let share: Double
  private var count = 0
  private var sum = 0.0
  /// The average; NaN until `length` values have come.
  private(set) var value = Double.nan

  init(length: Int) {
    precondition(length >= 2, "an average needs 2 values or more, not \(length)")
    self.length = length
    share = 1 / Double(length)
  }

  /// Takes in a value and returns the average; a value that would make it not finite is skipped.
  mutating func push(_ added: Double) -> Double {
    if count == length {
      let next = (value * Double(length - 1) + added) * share
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
