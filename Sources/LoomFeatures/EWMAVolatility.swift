public import LoomCore

/// The exponentially weighted volatility: √s with s ← λ·s + (1 − λ)·r², from s = first r².
///
/// In log return per bar. Defined from the first finite `logReturn` r of a valid bar on; a bar
/// without one repeats the last value. Source: J.P. Morgan/Reuters, RiskMetrics Technical Document
/// (1996), section 5.2.
public struct EWMAVolatility: Feature, SnapshotState {
  /// `ewma_volatility_P` with P = 100·λ.
  public let names: [String]
  private let decay: Double
  private var square = Double.nan

  /// Creates the volatility with decay λ, `decay`, between 0 and 1.
  public init(decay: Double = 0.94) {
    precondition(decay > 0 && decay < 1, "the decay \(decay) is not between 0 and 1")
    let percent = (decay * 1e8).rounded() / 1e6
    let whole = percent == percent.rounded()
    names = ["ewma_volatility_" + (whole ? "\(Int(percent))" : "\(percent)")]
    self.decay = decay
  }

  /// Takes in a bar and appends the volatility.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let added = bar.logReturn * bar.logReturn
    if added.isFinite {
      square = square.isNaN ? added : decay * square + (1 - decay) * added
    }
    row.append(square.squareRoot())
  }

  /// Transfers the average.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.value(&square)
  }
}
