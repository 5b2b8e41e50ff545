public import LoomCore

/// The Amihud illiquidity: the mean of |r| / (C·V) over the bars that traded, of the last n.
///
/// In log return per unit of price times size. Only bars with a finite `logReturn` r and V > 0
/// count. Defined from valid bar n on; NaN where no bar counts. Source: Amihud, "Illiquidity and
/// stock returns", Journal of Financial Markets 5 (2002).
public struct AmihudIlliquidity: Feature, SnapshotState {
  /// `amihud_n`.
  public let names: [String]
  private var sums: RollingSums

  /// Creates the illiquidity over `window` bars, at least 1.
  public init(window: Int = 20) {
    names = ["amihud_\(window)"]
    sums = RollingSums(length: window)
  }

  /// Takes in a bar and appends the illiquidity.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    // Without a return or without volume this is not finite.
    let impact = bar.logReturn.magnitude / (bar.bar.close * bar.bar.volume)
    let sum = sums.push(impact.isFinite ? SIMD2(impact, 1) : .zero)
    row.append(sum[0] / sum[1])
  }

  /// Transfers the sums.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try sums.transfer(through: &coder)
  }
}
