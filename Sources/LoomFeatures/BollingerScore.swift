public import LoomCore

/// How many standard deviations (ddof 0) the close is from its mean over the last n bars.
///
/// No unit. Defined from valid bar n on; NaN where the deviation is at most 1e-8 of the mean. The
/// middle and the width of TA-Lib's `BBANDS`; source: Bollinger, "Bollinger on Bollinger Bands"
/// (2001).
public struct BollingerScore: Feature, SnapshotState {
  /// `bollinger_z_n`.
  public let names: [String]
  private var closes: RollingDeviation
  private let count: Double

  /// Creates the score over `window` closes, at least 2.
  public init(window: Int = 20) {
    names = ["bollinger_z_\(window)"]
    closes = RollingDeviation(length: window)
    count = Double(window)
  }

  /// Takes in a bar and appends the score.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    guard let state = closes.push(bar.bar.close) else { return row.append(.nan) }
    let deviation = (state.squares / count).squareRoot()
    row.append(deviation > 1e-8 * state.mean ? state.distance / deviation : .nan)
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try closes.transfer(through: &coder)
  }
}
