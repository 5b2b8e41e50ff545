public import LoomCore

/// How far the close is from its exponential moving average: C / EMA − 1.
///
/// A fraction. Defined from valid bar n on. The average is that of ``ExponentialMovingAverage``.
public struct ExponentialAverageRatio: Feature, SnapshotState {
  /// `ema_ratio_n`.
  public let names: [String]
  private var average: ExponentialAverage

  /// Creates the ratio to the average over `window` bars, at least 2.
  public init(window: Int = 20) {
    names = ["ema_ratio_\(window)"]
    average = ExponentialAverage(length: window)
  }

  /// Takes in a bar and appends the ratio.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    row.append(bar.bar.close / average.push(bar.bar.close) - 1)
  }

  /// Transfers the average.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try average.transfer(through: &coder)
  }
}
