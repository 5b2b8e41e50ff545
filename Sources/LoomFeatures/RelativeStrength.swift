public import LoomCore

/// The relative strength index: 100·G / (G + L), Wilder's averages of the rises and of the falls.
///
/// In percent, 0 … 100; 0 where G + L = 0, as while the close has never moved. Defined from valid bar
/// n + 1 on; a bar that would make it not finite is skipped, which repeats the last value. Exactly
/// TA-Lib's `RSI`; source: Wilder, "New Concepts in Technical Trading Systems" (1978).
public struct RelativeStrength: Feature, SnapshotState {
  /// `rsi_n`.
  public let names: [String]
  private var gain: WilderAverage
  private var loss: WilderAverage
  private var previous = Double.nan

  /// Creates the index over `window` bars, at least 2.
  public init(window: Int = 14) {
    names = ["rsi_\(window)"]
    gain = WilderAverage(length: window)
    loss = WilderAverage(length: window)
  }

  /// Takes in a bar and appends the index.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let change = bar.bar.close - previous
    previous = bar.bar.close
    if change.isFinite {
      _ = gain.push(max(0, change))
      _ = loss.push(max(0, -change))
    }
    let total = gain.value + loss.value
    row.append(total == 0 ? 0 : 100 * (gain.value / total))
  }

  /// Transfers the averages and the last close.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try gain.transfer(through: &coder)
    try loss.transfer(through: &coder)
    try coder.value(&previous)
  }
}
