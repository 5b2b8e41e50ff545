public import LoomCore

/// The skewness and the excess kurtosis of the last n finite log returns, bias-corrected.
///
/// G₁ = √(n(n−1))/(n−2) · m₃/m₂^1.5 and G₂ = (n−1)/((n−2)(n−3)) · ((n+1)(m₄/m₂² − 3) + 6), m_k the
/// k-th central moment. No unit. Defined from the n-th finite `logReturn` of a valid bar on; a bar
/// without one repeats the last values; NaN where all are equal. Meaning as `rolling(n).skew()` and
/// `.kurt()` in pandas; source: Joanes and Gill, "Comparing measures of sample skewness and
/// kurtosis", The Statistician 47 (1998).
public struct ReturnShape: Feature, SnapshotState {
  /// `skew_n`, `kurtosis_n`.
  public let names: [String]
  private var returns: RollingShape
  private let count: Double
  private var skewness = Double.nan
  private var kurtosis = Double.nan

  /// Creates both over `window` returns, at least 4.
  public init(window: Int = 60) {
    precondition(window >= 4, "a kurtosis needs 4 values or more, not \(window)")
    names = ["skew_\(window)", "kurtosis_\(window)"]
    returns = RollingShape(length: window)
    count = Double(window)
  }

  /// Takes in a bar and appends the skewness and the kurtosis.
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    if bar.logReturn.isFinite, let moments = returns.push(bar.logReturn) {
      let n = count
      let second = moments.second
      skewness =
        moments.third / (second * second.squareRoot()) * (n * (n - 1)).squareRoot() / (n - 2)
      let excess = moments.fourth / (second * second) - 3
      kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    }
    row.append(skewness)
    row.append(kurtosis)
  }

  /// Transfers the window and the last values.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try returns.transfer(through: &coder)
    try coder.value(&skewness)
    try coder.value(&kurtosis)
  }
}
