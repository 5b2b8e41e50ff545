public import LoomCore

/// How far the close is from its mean over the last n bars: C / SMA − 1.
///
/// A fraction. Defined from valid bar n on. The average is TA-Lib's `SMA`, computed without drift.
public struct SimpleAverageRatio: Feature, SnapshotState {
  /// `sma_ratio_n`.
  public let names: [String]
  private var closes: RollingSums
  private let count: Double

  /// Creates the ratio to the mean of `window` closes, at least 1.
  public init(window: Int = 20) {
    names = ["sma_ratio_\(window)"]
    closes = RollingSums(length: window)
    count = Double(window)
  }

  /// Takes in a bar and appends the ratio.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let close = bar.bar.close
    row.append(close / (closes.push(SIMD2(close, 0))[0] / count) - 1)
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try closes.transfer(through: &coder)
  }
}
