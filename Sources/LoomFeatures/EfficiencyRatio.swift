public import LoomCore

/// Kaufman's efficiency ratio: |C_t − C_{t−n}| / Σ|ΔC| over the last n changes.
///
/// No unit, 0 … 1. Defined from valid bar n + 1 on; NaN where the close did not move. Source:
/// Kaufman, "Smarter Trading" (1995).
public struct EfficiencyRatio: Feature, SnapshotState {
  /// `efficiency_ratio_n`.
  public let names: [String]
  private var closes: Delay
  private var lengths: RollingSums
  private var previous = Double.nan

  /// Creates the ratio over `window` changes, at least 1.
  public init(window: Int = 10) {
    names = ["efficiency_ratio_\(window)"]
    closes = Delay(length: window)
    lengths = RollingSums(length: window)
  }

  /// Takes in a bar and appends the ratio.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let close = bar.bar.close
    let path = lengths.push(SIMD2((close - previous).magnitude, 0))
    previous = close
    row.append((close - closes.push(close)).magnitude / path[0])
  }

  /// Transfers the windows and the last close.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try closes.transfer(through: &coder)
    try lengths.transfer(through: &coder)
    try coder.value(&previous)
  }
}
