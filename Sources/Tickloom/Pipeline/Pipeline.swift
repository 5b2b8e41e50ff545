public import LoomCore
public import LoomFeatures
public import LoomNormalization
public import LoomPublishing

/// Every stage in one value on one thread: sequenced ticks in; bars, features and versions out.
///
/// It has no clock, no I/O and no locks: the same ticks give the same output, however they are
/// split into batches. Nothing is allocated per tick once the symbols are known.
public struct Pipeline<Members: Feature>: ~Copyable {
  /// The settings.
  public let configuration: PipelineConfiguration
  /// Judges the inputs; holds their counts and the market clock.
  public internal(set) var gate: Guard
  /// The names of a feature row's values.
  public let featureNames: [String]
  /// Where tables of bars and feature rows are read; nil where there are none.
  var tables: (latest: BarReader, cut: BarReader)? { correlator.tables.readers }

  // What symbols go through alone: here, or once they are spread over threads, there.
  var bars: BarStage
  var features: FeatureStage<Members>
  var threads: ShardThreads?
  var correlator: Correlator
  /// Tells an engine how long its stages take.
  var stageClock: StageClock

  // Storage that each batch reuses.
  var priced: [PricedTick]
  /// How many of `priced` were accepted and are not folded yet; with corrections on alone.
  var unfoldedCount = 0
  private var rejections: [Rejection] = []
  private var stamped: [SequencedTick]
  /// The sequence of the last tick that was numbered here.
  var lastSequence: UInt64 = 0

  /// How many ticks go through the stages together: they stay in the first-level cache.
  static var batchCount: Int { 256 }

  /// Creates a pipeline that has seen nothing.
  ///
  /// - Parameters:
  ///   - configuration: The settings of the stages.
  ///   - features: Makes the feature set of one symbol; called once per symbol.
  /// - Throws: ``LoomCore/CoreError`` where BLAS is not single-threaded or memory is short.
  public init(
    configuration: PipelineConfiguration, features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws(CoreError) {
    try self.init(configuration: configuration, features: features, maximumHeld: nil)
  }

  /// The same with another bound of the rows that a silent symbol can hold back, and of the versions
  /// that readers can hold; with tables of bars and rows for `tableSymbols`, `tableDepth` of each,
  /// unless that is nil.
  init(
    configuration: PipelineConfiguration, features: @escaping @Sendable () -> FeatureSet<Members>,
    maximumHeld: Int? = nil, holders: Int = 1, tableDepth: Int? = nil, tableSymbols: Int = 0,
    times: StageTimes? = nil
  ) throws(CoreError) {
    let featureNames = features().names
    let tables =
      if let tableDepth {
        try BarTables(
          timeframe: configuration.normalization.timeframe, symbols: tableSymbols,
          featureCount: featureNames.count, depth: tableDepth, holders: holders,
          correctable: configuration.normalization.corrections.horizon)
      } else {
        BarTables()
      }
    let correlator = try Correlator(
      configuration: configuration, holders: holders, tables: tables)
    self.configuration = configuration
    stageClock = StageClock(times: times)
    gate = Guard(
      configuration: configuration.normalization,
      maximumHeld: maximumHeld ?? configuration.heldSlots)
    bars = BarStage(configuration: configuration.normalization)
    self.features = FeatureStage(makeSet: features)
    self.correlator = correlator
    self.featureNames = featureNames
    let empty = PricedTick(
      time: .distantPast, symbol: .unknown, price: .nan, sequence: 0)
    priced = Array(repeating: empty, count: Self.batchCount)
    stamped = Array(
      repeating: SequencedTick(sequence: 0, tick: Tick(time: .distantPast, symbol: .unknown)),
      count: Self.batchCount)
  }

  /// Where features that throw are noted.
  var featureFailures: FeatureFailures { features.failures }

  /// Numbers and publishes the versions.
  public var publisher: VersionPublisher {
    _read { yield correlator.publisher }
  }

  /// Takes ticks in order of their sequence.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<SequencedTick>, into consumer: inout Consumer
  ) throws {
    try process(ticks, offset: 0, into: &consumer)
  }

  /// Takes ticks in order of arrival and numbers them 1, 2, 3 … across calls.
  ///
  /// Give a pipeline either these or ticks with their sequence, not both.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<Tick>, into consumer: inout Consumer
  ) throws {
    var start = 0
    while start < ticks.count {
      let end = min(ticks.count, start + Self.batchCount)
      var batch = take(&stamped)
      defer { swap(&stamped, &batch) }
      Self.stamp(ticks.extracting(start..<end), after: lastSequence, into: &batch)
      lastSequence += UInt64(end - start)
      try process(batch.span.extracting(0..<(end - start)), offset: start, into: &consumer)
      start = end
    }
  }

  private static func stamp(
    _ ticks: Span<Tick>, after sequence: UInt64, into stamped: inout [SequencedTick]
  ) {
    var room = stamped.mutableSpan
    for index in ticks.indices {
      room[index] = SequencedTick(sequence: sequence + UInt64(index + 1), tick: ticks[index])
    }
  }

  /// Takes ticks in order of arrival and numbers them 1, 2, 3 … across calls.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: [Tick], into consumer: inout Consumer
  ) throws {
    try process(ticks.span, into: &consumer)
  }

  private mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<SequencedTick>, offset: Int, into consumer: inout Consumer
  ) throws {
    var start = 0
    while start < ticks.count {
      let end = min(ticks.count, start + Self.batchCount)
      try step(ticks.extracting(start..<end), offset: offset + start, into: &consumer)
      start = end
    }
  }

  /// Counts inputs that were refused before they came here.
  mutating func refuse(_ symbol: SymbolID, _ reason: RejectReason, count: Int) {
    gate.reject(symbol, reason, count: count)
  }

  /// Counts refused inputs that were told of before and are not counted yet: a snapshot has some.
  mutating func adopt(_ counters: [(symbol: SymbolID, reason: RejectReason, count: Int)]) {
    gate.adopt(counters)
  }

  /// Has `count` threads of their own take the symbols through bars and features, each every
  /// `count`-th of them; what comes out stays the same, byte for byte.
  ///
  /// The calling thread goes on to judge the inputs and to publish; the consumer gets on it what is
  /// ready, and the rest with a later call.
  ///
  /// - Parameters:
  ///   - count: 2 … 64; 1 changes nothing.
  ///   - waitStrategy: What these threads do while there is nothing to do.
  /// - Throws: ``LoomCore/CoreError/outOfMemory``; ``LoomSystem/SystemError`` where no thread can be
  ///   started.
  public mutating func spread(overShards count: Int, waitStrategy: WaitStrategy = .park) throws {
    try spread(overShards: count, waitStrategy: waitStrategy, ringCapacity: 4096)
  }

  /// The same with rings of another capacity between the threads.
  mutating func spread(
    overShards count: Int, waitStrategy: WaitStrategy, ringCapacity: Int
  ) throws {
    precondition((1...64).contains(count), "\(count) shards")
    precondition(threads == nil, "spread already")
    if count == 1 { return }
    threads = try ShardThreads(
      count: count, timeframe: configuration.normalization.timeframe, bars: bars,
      features: features, waitStrategy: waitStrategy, ringCapacity: ringCapacity)
  }

  /// Takes bars that were closed before, in order of time per symbol, as if they closed now; not once
  /// it is spread over shards.
  mutating func restore<Consumer: PipelineConsumer & ~Copyable>(
    _ closed: Span<Bar>, into consumer: inout Consumer
  ) throws {
    precondition(threads == nil, "symbols are at other threads already")
    gate.restore(closed)
    bars.restore(closed)
    try publish(through: gate.marketClock, into: &consumer)
  }

  /// Whether other threads have the symbols.
  var isSpread: Bool { threads != nil }

  /// What comes from now on is no bar.
  mutating func endBars() { gate.endBars() }

  /// Moves the market clock to `moment`, which closes what ends by then; it never goes back.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func advance<Consumer: PipelineConsumer & ~Copyable>(
    to moment: Timestamp, into consumer: inout Consumer
  ) throws {
    stageClock.start()
    gate.advance(to: moment)
    close(through: gate.marketClock)
    try publish(through: gate.marketClock, into: &consumer)
  }

  /// Closes every bar and publishes the rows that were waiting: the input has ended.
  public mutating func finish<Consumer: PipelineConsumer & ~Copyable>(into consumer: inout Consumer)
    throws
  {
    stageClock.start()
    close(through: .distantFuture)
    try publish(through: .distantFuture, into: &consumer)
    try settle(into: &consumer)
    correlator.finish()
  }

  /// Waits until everything that was taken has come out.
  ///
  /// Does nothing where no other threads are at work.
  public mutating func settle<Consumer: PipelineConsumer & ~Copyable>(into consumer: inout Consumer)
    throws
  {
    while let underWay = threads?.batchesUnderWay, underWay > 0 {
      threads?.awaitBatch()
      try collect(into: &consumer)
    }
  }

  /// Puts out what other threads have ready; returns whether there was anything.
  @discardableResult
  mutating func collect<Consumer: PipelineConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) throws -> Bool {
    var isAny = false
    while let clock = try takeBatch(into: &consumer) {
      isAny = true
      try publishRows(through: clock, into: &consumer)
      stageClock.finishBatch()
    }
    return isAny
  }

  /// Puts out the bars and features of a batch from other threads; returns the clock at its end.
  private mutating func takeBatch<Consumer: PipelineConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) throws -> Timestamp? {
    guard let clock = threads?.takeBatch() else { return nil }
    try takeCorrection(into: &consumer)
    stageClock.resume(threads?.batch ?? StageClock.Batch())
    // Moved out and back, so that nothing is retained.
    var (bars, rows): ([CleanBar], [FeatureRow]) = ([], [])
    threads?.exchange(&bars, &rows)
    defer { threads?.exchange(&bars, &rows) }
    if bars.isEmpty { return clock }
    try correlator.take(bars: bars.span, rows: rows.span)
    try consumer.take(bars: bars.span)
    if !rows.isEmpty { try consumer.take(features: rows.span) }
    stageClock.finish(.consumer)
    return clock
  }

  private mutating func close(through clock: Timestamp) {
    if threads == nil { return bars.close(through: clock, cause: gate.lastSequence) }
    threads?.stage(clock: clock, cause: gate.lastSequence)
  }

  private mutating func step<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<SequencedTick>, offset: Int, into consumer: inout Consumer
  ) throws {
    admit(ticks)
    if !rejections.isEmpty {
      try consumer.take(rejections: rejections.span, offset: offset)
      rejections.removeAll(keepingCapacity: true)
    }
    if unfoldedCount > 0 { try foldAndCorrect(into: &consumer) }
    try publish(through: gate.marketClock, into: &consumer)
  }

  /// Judges the ticks and folds the accepted ones into bars.
  private mutating func admit(_ ticks: Span<SequencedTick>) {
    var accepted = take(&priced)
    var room = accepted.mutableSpan
    let count = gate.admit(ticks, into: &room, rejected: &rejections)
    if configuration.normalization.corrections != .off {
      unfoldedCount = count
    } else if threads == nil {
      bars.fold(accepted.span.extracting(0..<count))
    } else {
      threads?.stage(accepted.span.extracting(0..<count))
    }
    priced = accepted
  }

  /// Puts out the closed bars and their features, and publishes the rows that are final at `clock`.
  mutating func publish<Consumer: PipelineConsumer & ~Copyable>(
    through clock: Timestamp, into consumer: inout Consumer
  ) throws {
    if threads != nil {
      stageClock.finish(.bars)
      threads?.endBatch(clock, stageClock.batch)
      try collect(into: &consumer)
      return
    }
    let hasBars = bars.complete()
    stageClock.finish(.bars)
    if hasBars {
      try Self.hand(bars.bars, to: &features, &correlator)
      if configuration.normalization.corrections != .off {
        Self.hand(left: bars.left, to: &features)
      }
      stageClock.finish(.features)
      try consumer.take(bars: bars.bars.span)
      if !features.rows.isEmpty { try consumer.take(features: features.rows.span) }
      stageClock.finish(.consumer)
    }
    try publishRows(through: clock, into: &consumer)
    stageClock.finishBatch()
  }

  private mutating func publishRows<Consumer: PipelineConsumer & ~Copyable>(
    through clock: Timestamp, into consumer: inout Consumer
  ) throws {
    while try correlator.publishNext(through: clock) {
      stageClock.finish(.version)
      try consumer.take(version: correlator.publisher.latest)
      stageClock.finish(.consumer)
    }
    try consumer.take(clock: clock)
  }

  // Static: a span of what a stage holds borrows the whole pipeline.
  private static func hand(
    _ bars: borrowing [CleanBar], to features: inout FeatureStage<Members>,
    _ correlator: inout Correlator
  ) throws(CoreError) {
    features.update(bars.span)
    try correlator.take(bars: bars.span, rows: features.rows.span)
  }

  private static func hand(
    left: borrowing [CleanBar], to features: inout FeatureStage<Members>
  ) {
    features.leave(left.span)
  }
}

/// Moves an array out, so that it can be read while its old owner is changed; put it back after.
func take<Element>(_ array: inout [Element]) -> [Element] {
  var taken: [Element] = []
  swap(&taken, &array)
  return taken
}
