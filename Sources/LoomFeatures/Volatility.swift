public import LoomCore

/// The sample standard deviation (ddof 1) of the last n finite log returns.
///
/// In log return per bar; 0 where all are equal. Defined from the n-th finite `logReturn` of a
/// valid bar on; a bar without one repeats the last value. Meaning as `rolling(n).std()` in pandas.
public struct Volatility: Feature, SnapshotState {
  /// `volatility_n`.
  public let names: [String]
  private var returns: RollingDeviation
  private let freedom: Double
  private var last = Double.nan

  /// Creates the volatility of `window` returns, at least 2.
  public init(window: Int = 20) {
    names = ["volatility_\(window)"]
    returns = RollingDeviation(length: window)
    freedom = Double(window - 1)
  }

  /// Takes in a bar and appends the volatility.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    if bar.logReturn.isFinite, let state = returns.push(bar.logReturn) {
      last = (state.squares / freedom).squareRoot()
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
