internal import Glibc
public import LoomCore

/// The Garman–Klass volatility: √(mean of ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)² over n bars).
///
/// In log return per bar; 0 where the mean is negative. Defined from valid bar n on. Source: Garman
/// and Klass, "On the Estimation of Security Price Volatilities from Historical Data", Journal of
/// Business 53 (1980).
public struct GarmanKlassVolatility: Feature, SnapshotState {
  /// `garman_klass_n`.
  public let names: [String]
  private var variances: RollingSums
  private let count: Double
  private let bodyWeight = 2 * log(2.0) - 1

  /// Creates the volatility over `window` bars, at least 1.
  public init(window: Int = 20) {
    names = ["garman_klass_\(window)"]
    variances = RollingSums(length: window)
    count = Double(window)
  }

  /// Takes in a bar and appends the volatility.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let range = log(bar.bar.high / bar.bar.low)
    let body = log(bar.bar.close / bar.bar.open)
    let sums = variances.push(SIMD2(0.5 * range * range - bodyWeight * body * body, 0))
    row.append(sums[0] < 0 ? 0 : (sums[0] / count).squareRoot())
  }

  /// Transfers the window.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try variances.transfer(through: &coder)
  }
}
