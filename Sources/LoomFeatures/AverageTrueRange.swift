public import LoomCore

/// The average true range: Wilder's average of max(H − L, |H − C'|, |L − C'|), C' the last close.
///
/// In price. Defined from valid bar n + 1 on; a bar that would make it not finite is skipped, which
/// repeats the last value. Exactly TA-Lib's `ATR`; source: Wilder, "New Concepts in Technical
/// Trading Systems" (1978).
public struct AverageTrueRange: Feature, SnapshotState {
  /// `atr_n`.
  public let names: [String]
  private var average: WilderAverage
  private var previous = Double.nan

  /// Creates the average over `window` bars, at least 2.
  public init(window: Int = 14) {
    names = ["atr_\(window)"]
    average = WilderAverage(length: window)
  }

  /// Takes in a bar and appends the average.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let high = bar.bar.high
    let low = bar.bar.low
    let range = max(high - low, (high - previous).magnitude, (low - previous).magnitude)
    row.append(previous.isNaN ? .nan : average.push(range))
    previous = bar.bar.close
  }

  /// Transfers the average and the last close.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try average.transfer(through: &coder)
    try coder.value(&previous)
  }
}
