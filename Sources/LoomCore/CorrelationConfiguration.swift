/// What a ``Correlation`` computes.
public struct CorrelationConfiguration: Hashable, Sendable {
  /// How rows are weighted (a window of 256 rows).
  public let estimator: CorrelationEstimator
  /// Joint rows below which an entry is NaN (half the window but at least 2; 20 if exponential).
  public let minimumPeriods: Int

  /// Creates a configuration.
  ///
  /// - Parameters:
  ///   - estimator: Window 2...2^20 rows, or decay in (0, 1).
  ///   - minimumPeriods: 1...2^20 rows, of which 1 acts as 2; nil for the default.
  /// - Throws: ``CoreError/badArgument`` for a value outside its range.
  public init(
    estimator: CorrelationEstimator = .rolling(window: 256), minimumPeriods: Int? = nil
  ) throws(CoreError) {
    let usual: Int
    switch estimator {
    case .rolling(let window):
      guard (2...Self.maximumWindow).contains(window) else { throw .badArgument }
      usual = max(2, window / 2)
    case .exponential(let decay):
      guard decay > 0, decay < 1 else { throw .badArgument }
      usual = 20
    }
    let minimum = minimumPeriods ?? usual
    guard (1...Self.maximumWindow).contains(minimum) else { throw .badArgument }
    self.estimator = estimator
    self.minimumPeriods = minimum
  }

  /// Most rows a window holds.
  public static var maximumWindow: Int { 1 << 20 }
}
