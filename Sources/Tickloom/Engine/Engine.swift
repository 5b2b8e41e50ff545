public import LoomCore
public import LoomFeatures
public import LoomNormalization
internal import Synchronization

/// The pipeline for ticks that other threads push while it runs.
///
/// Feeds push into rings, one for each symbol; ``poll()`` drains them into one order and takes that
/// through the pipeline, on the thread that calls it. The same order gives the same bytes, however
/// it came about; the consumer sees it in ``PipelineConsumer/take(inputs:after:)``.
public final class Engine<Members: Feature, Consumer: PipelineConsumer & Sendable>: Sendable {
  /// The settings.
  public let configuration: EngineConfiguration
  /// Where the latest versions are read, from any thread.
  public let versions: VersionReader
  /// The names of a feature row's values.
  public let featureNames: [String]

  // One cycle takes the core once; whoever comes meanwhile waits for its end.
  private let core: Mutex<EngineCore<Members, Consumer>>

  /// Creates an engine that has seen nothing.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - symbols: The names of the symbols, in order of registration.
  ///   - features: Makes the feature set of one symbol; called once per symbol.
  ///   - consumer: Takes what comes out, on the thread that polls.
  /// - Throws: ``LoomNormalization/ConfigurationError`` where a name is there twice or there are more
  ///   than 16,384; ``LoomCore/CoreError`` where BLAS is not single-threaded or memory is short.
  public init(
    configuration: EngineConfiguration, symbols: [String],
    features: @escaping @Sendable () -> FeatureSet<Members>, consumer: consuming sending Consumer
  ) throws {
    self.configuration = configuration
    let core = try EngineCore(configuration, symbols, features, consumer)
    versions = core.pipeline.publisher.reader
    featureNames = core.pipeline.featureNames
    self.core = Mutex(core)
  }

  /// The identifier of a symbol, or nil where it was not registered.
  public func symbol(_ name: String) -> SymbolID? { core.withLock { $0.symbols[name] } }

  /// The end that pushes the ticks of `symbols`, from one thread at a time.
  ///
  /// - Parameters:
  ///   - symbols: Which; each has one such end.
  ///   - source: The name of the feed, which its bars carry.
  /// - Returns: Nil where one of them has such an end already, or is not registered.
  /// - Throws: ``LoomCore/CoreError/outOfMemory``.
  public func feedGroup(_ symbols: [SymbolID], source: String) throws(CoreError) -> FeedGroup? {
    try core.withLock { core throws(CoreError) in try core.open(symbols, source: source) }
  }

  /// The end that pushes the ticks of one symbol: ``feedGroup(_:source:)`` of it alone.
  public func feed(for symbol: SymbolID, source: String) throws(CoreError) -> FeedGroup? {
    try feedGroup([symbol], source: source)
  }

  /// Does one cycle: takes what the feeds have pushed through the pipeline; returns how many ticks.
  ///
  /// Each symbol gives at most ``EngineConfiguration/drainLimit`` of them.
  ///
  /// - Throws: What the consumer throws, and ``LoomCore/CoreError/outOfMemory``.
  /// - Complexity: O(ticks), and O(symbols / 64) where there are none; allocates nothing once every
  ///   symbol has been seen.
  @discardableResult
  public func poll() throws -> Int { try core.withLock { core in try core.cycle() } }

  /// Moves the market clock to `moment`, which closes what ends by then; it never goes back.
  ///
  /// - Throws: As ``poll()``.
  public func advance(to moment: Timestamp) throws {
    try core.withLock { core in try core.advance(to: moment) }
  }

  /// Takes everything the feeds have pushed, closes every bar and publishes the last rows.
  ///
  /// Safe to call twice; what is pushed or polled later is not taken.
  ///
  /// - Throws: As ``poll()``.
  public func stop() throws { try core.withLock { core in try core.stop() } }

  /// How the inputs ended, over all symbols; those that feeds gave up are among them.
  public var total: TickCounters { core.withLock { core in core.total() } }

  /// Lets `body` look at the consumer between two cycles.
  public func withConsumer<Result>(
    _ body: (borrowing Consumer) throws -> sending Result
  ) rethrows -> sending Result {
    try core.withLock { core in try body(core.consumer) }
  }
}
