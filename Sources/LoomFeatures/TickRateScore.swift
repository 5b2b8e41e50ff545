public import LoomCore

/// How many sample standard deviations (ddof 1) the number of ticks is from its mean over n bars.
///
/// No unit; the current bar is part of the window. Defined from valid bar n on; NaN where all
/// numbers are equal. Meaning as ``VolumeScore``, of the tick count.
public struct TickRateScore: Feature, SnapshotState {
  /// `tick_rate_z_n`.
  public let names: [String]
  private var counts: RollingDeviation
  private let freedom: Double

  /// Creates the score over `window` bars, at least 2.
  public init(window: Int = 20) {
    names = ["tick_rate_z_\(window)"]
    counts = RollingDeviation(length: window)
    freedom = Double(window - 1)
  }

  /// Takes in a bar and appends the score.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    row.append(counts.push(Double(bar.bar.tickCount))?.score(freedom: freedom) ?? .nan)
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try counts.transfer(through: &coder)
  }
}
