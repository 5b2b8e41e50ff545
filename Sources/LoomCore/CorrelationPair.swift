internal import CLoomCore
internal import Glibc

/// Everything a ``Correlation`` knows about two symbols.
public struct CorrelationPair: Hashable, Sendable {
  /// In -1...1, or NaN with a reason.
  public let correlation: Double
  /// Unbiased; NaN below the minimum of joint rows.
  public let covariance: Double
  /// Rows in which both are present.
  public let jointRows: Int
  /// (Σw)² / Σw²: the joint rows if rolling.
  public let effectiveRows: Double
  /// Why the correlation is NaN, if it is.
  public let reason: CorrelationReason

  /// A pair of which one has no return in the window, or never had one.
  public static var notActive: CorrelationPair { CorrelationPair() }

  private init() {
    (correlation, covariance) = (.nan, .nan)
    (jointRows, effectiveRows) = (0, 0)
    reason = .notActive
  }

  init(_ pair: loom_correlation_pair) {
    correlation = pair.correlation
    covariance = pair.covariance
    jointRows = Int(pair.joint_rows)
    effectiveRows = pair.effective_rows
    switch pair.reason {
    case .defined: reason = .defined
    case .tooFewRows: reason = .tooFewRows
    case .zeroVariance: reason = .zeroVariance
    case .notActive: reason = .notActive
    }
  }

  /// The two-sided probability of a correlation at least this strong where there is none.
  ///
  /// Fisher's z: erfc(|atanh ρ| · sqrt((n − 3) / 2)) with n = ``effectiveRows`` (Fisher 1921). NaN
  /// where ρ is NaN or n ≤ 3.
  public var pValue: Double {
    guard effectiveRows > 3 else { return .nan }
    return erfc(abs(atanh(correlation)) * ((effectiveRows - 3) / 2).squareRoot())
  }
}
