internal import Glibc
public import LoomCore

/// The Parkinson volatility: √(mean of ln(H/L)² over n bars / (4 ln 2)).
///
/// In log return per bar. Defined from valid bar n on. Source: Parkinson, "The Extreme Value Method
/// for Estimating the Variance of the Rate of Return", Journal of Business 53 (1980).
public struct ParkinsonVolatility: Feature, SnapshotState {
  /// `parkinson_n`.
  public let names: [String]
  private var ranges: RollingSums
  private let scale: Double

  /// Creates the volatility over `window` bars, at least 1.
  public init(window: Int = 20) {
    names = ["parkinson_\(window)"]
    ranges = RollingSums(length: window)
    scale = 1 / (Double(window) * 4 * log(2))
  }

  /// Takes in a bar and appends the volatility.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let range = log(bar.bar.high / bar.bar.low)
    let sums = ranges.push(SIMD2(range * range, 0))
    row.append((sums[0] * scale).squareRoot())
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try ranges.transfer(through: &coder)
  }
}
