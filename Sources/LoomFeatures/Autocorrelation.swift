public import LoomCore

/// The Pearson correlation of r_t and r_{t−1} over the last n pairs of finite log returns.
///
/// No unit, −1 … 1. Defined from the (n + 1)-th finite `logReturn` of a valid bar on; a bar without
/// one repeats the last value; NaN where either side is the same throughout. Source: exact.
public struct Autocorrelation: Feature, SnapshotState {
  /// `autocorrelation_n`.
  public let names: [String]
  private var returns: RollingComoments
  private var last = Double.nan

  /// Creates the correlation over `window` pairs, at least 2.
  public init(window: Int = 60) {
    names = ["autocorrelation_\(window)"]
    returns = RollingComoments(length: window)
  }

  /// Takes in a bar and appends the correlation.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    if bar.logReturn.isFinite, let state = returns.push(bar.logReturn) {
      let scale = (state.squares[0] * state.squares[1]).squareRoot()
      last = state.product / scale
    }
    row.append(last)
  }

  /// Transfers the window and the last value.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try returns.transfer(through: &coder)
    try coder.value(&last)
  }
}
