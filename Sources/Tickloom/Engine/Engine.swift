public import LoomCore
public import LoomFeatures
public import LoomJournal
public import LoomNormalization
internal import LoomSystem

/// The pipeline for ticks that other threads push while it runs.
///
/// Feeds push into rings, one for each symbol; each cycle drains them into one order and takes that
/// through the pipeline, on the thread that calls ``poll()`` or on threads of the engine's own. The
/// same order gives the same bytes, however it came about; the consumer sees it in
/// ``PipelineConsumer/take(inputs:)``. Every method may be called from any thread, but those
/// that wait for a cycle not from the consumer, which is called within one.
public final class Engine<Members: Feature, Consumer: PipelineConsumer & Sendable>: Sendable {
  /// The settings.
  public let configuration: EngineConfiguration
  /// Where the latest versions are read, from any thread.
  public let versions: VersionReader
  /// Where each symbol's newest bars and feature rows are read, from any thread; nil where the
  /// configuration's depth is 0.
  public let bars: BarReader?
  /// Where the newest bar and feature row of all symbols at one time are read; nil as ``bars``.
  public let cut: BarReader?
  /// The names of a feature row's values.
  public let featureNames: [String]

  private let kept: Journal?
  private let core: EngineLock<EngineCore<Members, Consumer>>
  private let feedSwitch = FeedSwitch()
  private let times: StageTimes
  private let watch: EngineWatch
  private let thread = Lock<EngineThread?>(nil)

  /// Creates an engine that has seen nothing.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - symbols: The names of the symbols, in order of registration.
  ///   - features: Makes the feature set of one symbol; called once per symbol, and before to see
  ///     how much memory one takes.
  ///   - consumer: Takes what comes out, on the thread that does the cycle.
  /// - Throws: ``LoomNormalization/ConfigurationError`` where a name is empty or there twice, there
  ///   are more than 16,384, or they need more memory than they may; ``LoomCore/CoreError`` where
  ///   BLAS is not single-threaded or memory is short.
  public init(
    configuration: EngineConfiguration, symbols: [String],
    features: @escaping @Sendable () -> FeatureSet<Members>, consumer: consuming sending Consumer
  ) throws {
    self.configuration = configuration
    let diagnostics = try Diagnostics(configuration.diagnostics)
    try diagnostics.tellBLAS()
    let watch = EngineWatch(diagnostics, symbols: symbols)
    times = StageTimes(now: MonotonicClock.nanoseconds)
    var core = try EngineCore(configuration, symbols, times, watch, features, consumer)
    try core.takeStored()
    core.pipeline.featureFailures.observe { [watch] in watch.featureFailed($0, $1) }
    self.watch = watch
    versions = core.pipeline.publisher.reader
    bars = core.pipeline.tables?.latest
    cut = core.pipeline.tables?.cut
    featureNames = core.pipeline.featureNames
    kept = core.kept
    self.core = EngineLock(core)
  }

  // A feed that waits for room is told that there is no engine any more.
  deinit { feedSwitch.stop() }

  /// What `symbols` symbols need at most, those there are where nil; those that the engine did not
  /// begin with as if they were added.
  ///
  /// - Precondition: `symbols` is 0 … 16,384.
  public func memory(symbols: Int? = nil) -> EngineMemory {
    core.withLock { $0.memory(symbols: symbols) }
  }

  // MARK: Symbols and feeds

  /// The identifier of a symbol, or nil where it was not registered.
  public func symbol(_ name: String) -> SymbolID? { core.withLock { $0.symbols[name] } }

  /// The name of a symbol; nil where it was not registered.
  ///
  /// - Complexity: O(1); no cycle waits for it, nor it for one. A name that is needed for every tick or
  ///   bar is kept by its caller.
  public func name(of symbol: SymbolID) -> String? { watch.name(of: symbol) }

  /// Registers one more symbol, also while the engine runs; the matrix holds it from the row of its
  /// first return on.
  ///
  /// - Throws: ``LoomNormalization/ConfigurationError`` as at creation.
  public func add(_ symbol: String) throws(ConfigurationError) -> SymbolID {
    try core.withLock { core throws(ConfigurationError) in try core.add(symbol) }
  }

  /// Takes no more ticks of a symbol: those that come later end as
  /// ``LoomCore/RejectReason/unknownSymbol``.
  ///
  /// Its open bar closes with the market clock. The estimator lets go of it at the first anchor at
  /// which the window holds no return of it; its identifier stays, and its correlations are NaN.
  /// Where fewer than two symbols go on, none moves the market clock: ``advance(to:)`` does.
  public func retire(_ symbol: SymbolID) { core.withLock { $0.retire(symbol) } }

  /// The end that pushes the ticks of `symbols`, from one thread at a time.
  ///
  /// Where one goes away, another can be opened: a feed that lost its thread or its connection goes on
  /// behind what it had pushed, which carries the new one's name as far as it was not taken yet.
  ///
  /// - Parameters:
  ///   - symbols: Which; each has one such end at a time.
  ///   - source: The name of the feed, which its bars carry.
  ///   - policy: What becomes of ticks for which there is no room.
  /// - Returns: Nil where one of them has such an end now, was retired, or is not registered.
  /// - Throws: ``LoomCore/CoreError/outOfMemory``.
  public func feedGroup(
    _ symbols: [SymbolID], source: String, policy: FeedPolicy = .handBack
  ) throws(CoreError) -> FeedGroup? {
    try core.withLock { core throws(CoreError) in
      try core.open(symbols, source: source, policy: policy, feedSwitch)
    }
  }

  /// The end that pushes the ticks of one symbol: ``feedGroup(_:source:policy:)`` of it alone.
  public func feed(
    for symbol: SymbolID, source: String, policy: FeedPolicy = .handBack
  ) throws(CoreError) -> FeedGroup? {
    try feedGroup([symbol], source: source, policy: policy)
  }

  // MARK: Cycles

  /// Does one cycle: takes what the feeds have pushed through the pipeline; returns how many ticks.
  ///
  /// Each symbol gives at most ``EngineConfiguration/drainLimit`` of them. After ``stop()`` nothing is
  /// done, and 0 returned.
  ///
  /// - Throws: What the consumer threw, which is not called any more then, while all else goes on;
  ///   and ``LoomCore/CoreError/outOfMemory``.
  /// - Complexity: O(ticks), and O(symbols / 64) where there are none; allocates nothing once every
  ///   symbol has been seen.
  @discardableResult
  public func poll() throws -> Int {
    try core.withLock { core in
      let count = try Self.cycle(&core, feedSwitch, watch)
      try core.tellError()
      return count
    }
  }

  private static func cycle(
    _ core: inout EngineCore<Members, Consumer>, _ feedSwitch: FeedSwitch, _ watch: EngineWatch
  ) throws -> Int {
    let count = try core.cycle()
    haltIfAsked(core, feedSwitch, watch)
    if let kept = core.kept { lookAtJournal(kept, core, feedSwitch, watch) }
    return count
  }

  /// Has the feeds wait, or go on, as the journal can keep what they push.
  private static func lookAtJournal(
    _ kept: Journal, _ core: borrowing EngineCore<Members, Consumer>, _ feedSwitch: FeedSwitch,
    _ watch: EngineWatch
  ) {
    if kept.isFailing {
      guard !watch.isJournalFailing, let failure = kept.failure else { return }
      let isHalting = core.configuration.journal?.onFailure == .halt
      if isHalting { feedSwitch.suspend("\(failure)") }
      watch.journalFailed("\(failure)", isHalting: isHalting)
    } else if watch.isJournalFailing {
      feedSwitch.resume()
      watch.journalRecovered(unkept: core.unkept)
    }
  }

  @inline(__always)
  private static func haltIfAsked(
    _ core: borrowing EngineCore<Members, Consumer>, _ feedSwitch: FeedSwitch, _ watch: EngineWatch
  ) {
    if core.consumer.isToHalt { halt(feedSwitch, core.consumer.haltReason, watch) }
  }

  private static func halt(_ feedSwitch: FeedSwitch, _ reason: String, _ watch: EngineWatch) {
    if feedSwitch.halt(reason) { watch.halted(reason) }
  }

  /// Moves the market clock to `moment`, which closes what ends by then; it never goes back, and after
  /// ``stop()`` it stays.
  ///
  /// While history is taken it waits for its end.
  ///
  /// - Throws: As ``poll()``.
  public func advance(to moment: Timestamp) throws {
    try core.withLock { core in
      try core.advance(to: moment)
      Self.haltIfAsked(core, feedSwitch, watch)
      try core.tellError()
    }
  }

  /// Does the cycles on threads of the engine's own from now on, until ``stop()``.
  ///
  /// The first is named `tickloom-engine` and calls the consumer; with more than one shard, threads
  /// `tickloom-shard0` … take the symbols through bars and features. Once is enough: a second call
  /// does nothing, nor does one after ``stop()``.
  ///
  /// - Parameters:
  ///   - shards: Over how many threads the symbols are spread: 1 … 64.
  ///   - waitStrategy: What the threads do while there is nothing to do.
  /// - Throws: ``LoomNormalization/ConfigurationError`` where there cannot be so many shards, or not
  ///   while history is taken; ``LoomCore/CoreError/outOfMemory``; ``LoomSystem/SystemError`` where no
  ///   thread can be started.
  ///   It may be tried again; shards that had started by then stay.
  public func start(shards: Int = 1, waitStrategy: WaitStrategy = .park) throws {
    guard (1...64).contains(shards) else {
      throw ConfigurationError(field: "shards", value: "\(shards)", allowed: "1 … 64")
    }
    try thread.withLock { thread in
      if thread != nil || feedSwitch.state == .stopped { return }
      try core.withLock { try $0.spread(overShards: shards, waitStrategy) }
      let (core, feedSwitch, watch) = (core, feedSwitch, watch)
      thread = try EngineThread(waitStrategy) {
        do {
          return try core.withLockBetweenOthers { try Self.cycle(&$0, feedSwitch, watch) }
        } catch {
          // Nobody takes what feeds push from here on, so they are told.
          Self.halt(feedSwitch, "the engine has failed: \(error)", watch)
          throw error
        }
      }
      watch.started(shards: shards)
    }
  }

  /// Refuses the feeds' ticks from now on, with the reason; what was taken before is finished.
  ///
  /// Takes no lock that a cycle holds: it may be called from anywhere, the consumer included. The
  /// first reason stays. A consumer can do the same by ``PipelineConsumer/isToHalt``.
  public func halt(reason: String) { Self.halt(feedSwitch, reason, watch) }

  /// Why the engine takes no more ticks; nil while it does, or where it was stopped only.
  public var haltReason: String? { feedSwitch.haltReason }

  /// Takes everything the feeds have pushed, closes every bar, publishes the last rows, and ends the
  /// threads.
  ///
  /// Safe to call twice; what is pushed later is refused, and what is pushed meanwhile may end as
  /// ``LoomCore/RejectReason/overflow``.
  ///
  /// - Throws: As ``poll()``; what the consumer threw on a thread of the engine's is thrown here.
  public func stop() throws {
    let isFirst = feedSwitch.stop()
    defer {
      let done = times.statistics(now: 0)
      if isFirst { watch.stopped(ticks: done.ticks, versions: done.versions) }
    }
    let failure = thread.withLock { $0?.end() }
    try core.withLock { core in
      try core.stop()
      try core.tellError()
    }
    if let failure { throw failure }
  }

  /// Lets `body` change the core between two cycles.
  func withCore<Result, Failure: Error>(
    _ body: (inout sending EngineCore<Members, Consumer>) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try core.withLock(body)
  }

  // MARK: What is kept

  /// Keeps the inputs; nil where the configuration says nowhere.
  ///
  /// It tells how far they are kept, and ends with ``stop()``.
  public var journal: Journal? { kept }

  /// A sequence at or behind which is everything that a feed had pushed at a mark; nil while some of
  /// it is in its ring.
  ///
  /// ``LoomJournal/Journal/level(of:)`` of it is how far all of that is kept.
  public func sequence(of mark: FeedMark) -> UInt64? { core.withLock { $0.sequence(of: mark) } }

  /// Waits until everything that a feed had pushed at a mark is kept at a level.
  ///
  /// - Throws: ``LoomJournal/JournalError``: why it never will be; ``LoomJournal/JournalError/closed``
  ///   without a journal. `CancellationError` where the task is
  ///   cancelled while some of it is in its ring.
  public func reached(_ level: Durability, _ mark: FeedMark) async throws {
    guard let journal else { throw JournalError.closed }
    let clock = ContinuousClock()
    while true {
      // Looked at first: what was pushed before is numbered by then.
      let isStopped = feedSwitch.state == .stopped
      if let sequence = sequence(of: mark) { return try await journal.reached(level, sequence) }
      if isStopped { throw JournalError.closed }
      try await clock.sleep(for: .milliseconds(1))
    }
  }

  // MARK: Looking in

  /// How much was done and how long it took, at this moment; no cycle waits for it, nor it for one.
  public func statistics() -> EngineStatistics {
    times.statistics(now: MonotonicClock.nanoseconds)
  }

  /// Whether all is well, and what is not; no cycle waits for it, nor it for one.
  public func health() -> EngineHealth {
    watch.health(feedSwitch.state, versions: versions, bars: bars, cut: cut)
  }

  /// How it stands with `symbol`, which is registered, between two cycles.
  ///
  /// - Complexity: O(symbols).
  public func status(of symbol: SymbolID) -> SymbolStatus {
    core.withLock { core in core.status(of: symbol) }
  }

  /// How it stands with all symbols, in order, between two cycles.
  public func statuses() -> [SymbolStatus] { core.withLock { core in core.statuses() } }

  /// How the inputs ended, over all symbols; those that feeds gave up are among them.
  public var total: TickCounters { core.withLock { core in core.total() } }

  /// Lets `body` look at the consumer between two cycles.
  public func withConsumer<Result>(
    _ body: (borrowing Consumer) throws -> sending Result
  ) rethrows -> sending Result {
    try core.withLock { core in try body(core.consumer.consumer) }
  }
}
