public import LoomCore

/// The exponential moving average of the close: the mean of the first n, then weight 2/(n + 1).
///
/// In price. Defined from valid bar n on; a bar that would make it not finite is skipped, which
/// repeats the last value. Exactly TA-Lib's `EMA`.
public struct ExponentialMovingAverage: Feature, SnapshotState {
  /// `ema_n`.
  public let names: [String]
  private var average: ExponentialAverage

  /// Creates the average over `window` bars, at least 2.
  public init(window: Int = 20) {
    names = ["ema_\(window)"]
    average = ExponentialAverage(length: window)
  }

  /// Takes in a bar and appends the average.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    row.append(average.push(bar.bar.close))
  }

  /// Transfers the average.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try average.transfer(through: &coder)
  }
}
