public import LoomCore
public import LoomNormalization

/// Everything that decides a run's numbers; checked when made, then trusted.
public struct PipelineConfiguration: Sendable {
  /// How ticks become clean bars.
  public let normalization: NormalizationConfiguration
  /// How returns become correlations.
  public let correlation: CorrelationConfiguration

  /// Joins the settings of the stages.
  public init(
    normalization: NormalizationConfiguration, correlation: CorrelationConfiguration
  ) {
    self.normalization = normalization
    self.correlation = correlation
  }

  /// Every setting that decides a number, in a fixed spelling: where the chain of hashes starts.
  ///
  /// Batch sizes, threads and shards are no part of it.
  public var text: String {
    """
    timeframe=\(normalization.timeframe);price=\(priceText);\
    lateness=\(normalization.lateness);idle=\(normalization.idle);\
    max-gap=\(normalization.maximumGap);estimator=\(estimatorText);\
    min-periods=\(correlation.minimumPeriods)
    """
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

  /// The price as the command line spells it.
  var priceText: String {
    switch normalization.price {
    case .automatic: "auto"
    case .mid: "mid"
    case .bid: "bid"
    case .ask: "ask"
    case .last: "last"
    }
  }
}
