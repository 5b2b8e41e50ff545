public import LoomCore

/// How many sample standard deviations (ddof 1) the volume is from its mean over the last n bars.
///
/// No unit; the current bar is part of the window. Defined from valid bar n on; NaN where all
/// volumes are equal. Meaning as `(v - v.rolling(n).mean()) / v.rolling(n).std()` in pandas.
public struct VolumeScore: Feature, SnapshotState {
  /// `volume_z_n`.
  public let names: [String]
  private var volumes: RollingDeviation
  private let freedom: Double

  /// Creates the score over `window` bars, at least 2.
  public init(window: Int = 20) {
    names = ["volume_z_\(window)"]
    volumes = RollingDeviation(length: window)
    freedom = Double(window - 1)
  }

  /// Takes in a bar and appends the score.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    row.append(volumes.push(bar.bar.volume)?.score(freedom: freedom) ?? .nan)
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try volumes.transfer(through: &coder)
  }
}
