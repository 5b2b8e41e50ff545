internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization
internal import LoomPublishing

/// The memory that an ``Engine`` needs at most, by its parts, in bytes.
///
/// Computed from the settings and the number of symbols before anything is allocated. Symbols that
/// never trade need a fraction: pages that nobody writes to are not there.
public struct EngineMemory: Hashable, Sendable {
  /// Rings of the symbols, all of whose places have been used.
  public let rings: Int
  /// What the guard remembers of each symbol, repeats with it.
  public let guards: Int
  /// Open bars, the windows of returns, and bars that wait for their rows.
  public let bars: Int
  /// Windows of the features.
  public let features: Int
  /// The estimator of the correlations, twice: it moves when it grows.
  public let correlation: Int
  /// Versions that readers hold, the latest, and the one being written.
  public let versions: Int
  /// Tables of bars and feature rows, as many.
  public let tables: Int

  /// What is kept so that late ticks can correct their bars; 0 where they do not.
  public let corrections: Int

  /// All of it.
  public var total: Int {
    rings + guards + bars + features + correlation + versions + tables + corrections
  }

  init(
    _ configuration: EngineConfiguration, symbols: Int, featureBytes: Int, featureCount: Int
  ) {
    rings = symbols * (384 + configuration.ringCapacity * MemoryLayout<Tick>.stride)
    guards = symbols * Guard.symbolBytesMaximum
    bars = symbols * (BarBuilder.symbolBytes + BarCleaner.symbolBytes + 16 * 24)
    features = symbols * featureBytes
    // Room grows by doubling, and at the end is what is needed.
    correlation =
      2 * Correlation.bytes(configuration.pipeline.correlation, capacity: max(16, symbols))
    tables =
      configuration.depth == 0
      ? 0
      : BarPublisher.byteCount(
        symbols: symbols, featureCount: featureCount, depth: configuration.depth,
        holders: configuration.holders, waiting: 16 * symbols)
    corrections = Self.corrections(
      configuration, symbols: symbols, featureBytes: featureBytes, featureCount: featureCount)
    versions = (configuration.holders + 2) * VersionBoard.bytes(symbols: symbols)
  }

  /// Bars and rows of the horizon, again where there are tables, the rows of two windows, and
  /// everything that follows one horizon later: cleaners, features, and an estimator that is not a
  /// window.
  private static func corrections(
    _ configuration: EngineConfiguration, symbols: Int, featureBytes: Int, featureCount: Int
  ) -> Int {
    let pipeline = configuration.pipeline
    guard let horizon = pipeline.normalization.corrections.horizon else { return 0 }
    let slots = Int(horizon.count / pipeline.normalization.timeframe.span.count) + 1
    var (rows, estimator) = (slots, 0)
    switch pipeline.correlation.estimator {
    case .rolling(let window): rows += 2 * window
    case .exponential:
      estimator = Correlation.bytes(pipeline.correlation, capacity: max(16, symbols))
    }
    let kept = slots * (2 * 256 + 24) + rows * MemoryLayout<Double>.stride
    let depth = configuration.depth
    let tables =
      depth == 0
      ? 0
      : BarPublisher.correctableByteCount(slots: slots, featureCount: featureCount, depth: depth)
    return symbols * (kept + tables + BarCleaner.symbolBytes + featureBytes) + estimator
  }

  /// Refuses where the limit would be passed.
  func check(_ configuration: EngineConfiguration, symbols: Int) throws(ConfigurationError) {
    if total <= configuration.memoryLimitBytes { return }
    func megabytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
    throw ConfigurationError(
      field: "symbols", value: "\(symbols), which need up to \(megabytes(total))",
      allowed: "\(megabytes(configuration.memoryLimitBytes)) by memoryLimitBytes")
  }
}
