public import LoomCore
public import LoomNormalization

/// Everything that decides a run's numbers; checked when made, then trusted.
public struct PipelineConfiguration: Sendable {
  /// How ticks become clean bars.
  public let normalization: NormalizationConfiguration
  /// How returns become correlations.
  public let correlation: CorrelationConfiguration
  /// Most slots of one symbol that wait for the others, 1 … 1,048,576, which they are unless an
  /// ``EngineConfiguration`` says less; with one more, the market clock moves to the end of the oldest.
  ///
  /// It decides which rows there are, not what is made of them, and is no part of ``text``.
  public internal(set) var heldSlots = 1 << 20

  /// Joins the settings of the stages.
  public init(
    normalization: NormalizationConfiguration, correlation: CorrelationConfiguration
  ) {
    self.normalization = normalization
    self.correlation = correlation
  }

  private init(
    _ other: PipelineConfiguration, with normalization: NormalizationConfiguration
  ) {
    self.init(normalization: normalization, correlation: other.correlation)
    heldSlots = other.heldSlots
  }

  /// Checks and joins the settings; what is left out has the default of the command line.
  ///
  /// - Throws: ``LoomNormalization/ConfigurationError`` with the field, its value and the range.
  public init(
    timeframe: Timeframe = .second, price: PriceSource = .automatic, lateness: Nanoseconds = .zero,
    idle: Nanoseconds? = nil, maximumGap: Int64? = nil, corrections: Corrections = .off,
    estimator: CorrelationEstimator = .rolling(window: 256), minimumPeriods: Int? = nil
  ) throws(ConfigurationError) {
    let normalization = try NormalizationConfiguration(
      timeframe: timeframe, price: price, lateness: lateness, idle: idle, maximumGap: maximumGap,
      corrections: corrections)
    do {
      let correlation = try CorrelationConfiguration(
        estimator: estimator, minimumPeriods: minimumPeriods)
      self.init(normalization: normalization, correlation: correlation)
    } catch {
      let periods = minimumPeriods.map { " with \($0) minimum periods" } ?? ""
      throw ConfigurationError(
        field: "estimator", value: "\(estimator)\(periods)",
        allowed: "a window of 2 … 1048576 rows or a decay in (0, 1), and 1 … 1048576 periods")
    }
  }

  /// The same with another bound on how far ticks may lie ahead; nil for none.
  ///
  /// - Throws: ``LoomNormalization/ConfigurationError`` where it is out of range.
  public func with(
    maximumAhead: Nanoseconds?
  ) throws(ConfigurationError) -> PipelineConfiguration {
    let old = normalization
    return PipelineConfiguration(
      self,
      with: try NormalizationConfiguration(
        timeframe: old.timeframe, price: old.price, lateness: old.lateness, idle: old.idle,
        maximumAhead: maximumAhead, maximumGap: old.maximumGap, corrections: old.corrections))
  }

  /// Every setting that decides a number, in a fixed spelling: where the chain of hashes starts.
  ///
  /// Batch sizes, threads and shards are no part of it.
  public var text: String {
    """
    timeframe=\(normalization.timeframe);price=\(normalization.price.rawValue);\
    lateness=\(normalization.lateness);idle=\(normalization.idle);\
    max-gap=\(normalization.maximumGap);estimator=\(estimatorText);\
    min-periods=\(correlation.minimumPeriods)\(aheadText)\(correctionsText)
    """
  }

  /// Nothing where it is not checked, as in every run over files.
  private var aheadText: String {
    normalization.maximumAhead.map { ";max-ahead=\($0)" } ?? ""
  }

  /// Nothing where there are none, as in every run over files.
  private var correctionsText: String {
    normalization.corrections.horizon.map { ";corrections=\($0)" } ?? ""
  }

  /// The same without corrections.
  var withoutCorrections: PipelineConfiguration {
    PipelineConfiguration(self, with: normalization.withoutCorrections)
  }

  /// The estimator as the command line spells it: `rolling` with its window, or `ewma:0.97`.
  public var estimatorText: String {
    switch correlation.estimator {
    case .rolling(let window): "rolling:\(window)"
    case .exponential(let decay): "ewma:\(decay)"
    }
  }

  /// The estimator for a person: `rolling, 256 rows`.
  var estimatorDescription: String {
    switch correlation.estimator {
    case .rolling(let window): "rolling, \(window) rows"
    case .exponential(let decay): "exponentially weighted, decay \(decay)"
    }
  }
}
