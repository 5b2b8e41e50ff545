/// How rows of returns are weighted in a correlation.
public enum CorrelationEstimator: Hashable, Sendable {
  /// Equal weights over the last `window` rows; 2...2^20.
  case rolling(window: Int)
  /// Weight `decay` ^ age in rows over all rows; in (0, 1).
  case exponential(decay: Double)
}
