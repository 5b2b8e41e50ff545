public import LoomCore

/// How far the close is from the volume-weighted price of the last n bars: C / (Σ vwap·V / Σ V) − 1.
///
/// A fraction. Defined from valid bar n on; NaN where nothing was traded in the window. Source:
/// exact.
public struct VWAPDeviation: Feature, SnapshotState {
  /// `vwap_deviation_n`.
  public let names: [String]
  private var sums: RollingSums

  /// Creates the deviation over `window` bars, at least 1.
  public init(window: Int = 20) {
    names = ["vwap_deviation_\(window)"]
    sums = RollingSums(length: window)
  }

  /// Takes in a bar and appends the deviation.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let volume = bar.bar.volume
    let sum = sums.push(SIMD2(bar.bar.vwap * volume, volume))
    row.append(bar.bar.close / (sum[0] / sum[1]) - 1)
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try sums.transfer(through: &coder)
  }
}
