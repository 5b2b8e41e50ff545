/// Why a correlation is or is not defined.
public enum CorrelationReason: UInt8, Hashable, Sendable, CaseIterable {
  /// It is defined.
  case defined = 0
  /// Fewer joint rows than the minimum.
  case tooFewRows = 1
  /// One of the two does not vary over the joint rows: variance <= 1e-20 x mean square.
  case zeroVariance = 2
  /// One of the two has no return in the window, or never had one.
  case notActive = 3
}
