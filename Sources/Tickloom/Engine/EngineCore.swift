internal import LoomCore
internal import LoomFeatures
internal import LoomJournal
internal import LoomNormalization
internal import LoomSystem

/// All that an engine changes, in one value: whoever has it runs the engine.
struct EngineCore<Members: Feature, Consumer: PipelineConsumer>: ~Copyable {
  let configuration: EngineConfiguration
  /// Bytes of one symbol's features.
  private let featureBytes: Int
  /// How many symbols there were at first.
  private let symbolsBegun: Int
  private(set) var symbols = SymbolTable()
  var pipeline: Pipeline<Members>
  var consumer: LastingConsumer<Consumer>
  var sequencer: Sequencer
  var desk: FeedDesk
  private(set) var isStopped = false
  /// Whether a tick of a feed was taken.
  private var isLive = false
  /// Whether history is under way: what feeds push stays in their rings.
  private var isTakingHistory = false
  /// Where the clock is to be moved once it has ended.
  private var postponedClock: Timestamp?
  /// Whether ticks of history were taken.
  private var hasHistoryTicks = false
  private let watch: EngineWatch
  private var overflows: OverflowWatch
  /// Nil where nothing is kept.
  var journal: EngineJournal?
  /// What the store of the journal holds and is still to be taken.
  var owed: StoreResumption?
  /// What was given up, by feed and symbol, also in earlier runs of that store.
  var counted: [StoreCounter] = []
  /// What each symbol had given up when that was counted last.
  var countedDrops: [UInt64] = []
  /// Whether it was noted that the consumer has failed.
  private var isFailureNoted = false
  /// Whether somebody was told of the consumer's error.
  private var isErrorTold = false

  init(
    _ configuration: EngineConfiguration, _ names: [String], _ times: StageTimes,
    _ watch: EngineWatch,
    _ features: @escaping @Sendable () -> FeatureSet<Members>, _ consumer: consuming Consumer
  ) throws {
    // The array of them doubles, beside the one it is copied from.
    let stride = 3 * MemoryLayout<FeatureSet<Members>>.stride
    let featureBytes = HeapUse.bytes { features() } + stride
    let point = try Self.resumption(configuration)
    let names = point.map { $0.symbols + Self.names(names, without: $0.symbols) } ?? names
    let symbols = try Self.table(names)
    try EngineMemory(
      configuration, symbols: names.count, begun: names.count, featureBytes: featureBytes,
      featureCount: features().names.count
    ).check(configuration, symbols: names.count)
    var pipeline = try Pipeline(
      configuration: configuration.pipeline, features: features, holders: configuration.holders,
      tableDepth: configuration.depth == 0 ? nil : configuration.depth, tableSymbols: names.count,
      times: times)
    let sequencer = try Sequencer(
      ringCapacity: configuration.ringCapacity, drainLimit: configuration.drainLimit,
      times: times)
    if let state = point?.snapshot.flatMap({ EngineSnapshot.pipelineState($0.state) }) {
      try pipeline.restore(from: state)
    }
    var desk = FeedDesk(symbolCount: names.count)
    desk.register(known: point?.sources ?? [])
    for symbol in point?.retired ?? [] where symbol.index < names.count { desk.retire(symbol) }
    var journal: EngineJournal?
    if let settings = configuration.journal {
      journal = try Self.journal(
        settings, configuration.text, pipeline, point, names, watch)
    }
    self.journal = journal
    counted = point?.counters ?? []
    self.configuration = configuration
    self.featureBytes = featureBytes
    symbolsBegun = names.count
    self.symbols = symbols
    self.pipeline = pipeline
    self.sequencer = sequencer
    self.watch = watch
    overflows = OverflowWatch(quietSpan: configuration.diagnostics.quietSpan)
    self.consumer = LastingConsumer(consumer)
    self.desk = desk
    owed = point
  }

  private static func table(_ names: [String]) throws(ConfigurationError) -> SymbolTable {
    var symbols = SymbolTable()
    for name in names { _ = try add(name, to: &symbols) }
    return symbols
  }

  private static func add(
    _ name: String, to symbols: inout SymbolTable
  ) throws(ConfigurationError) -> SymbolID {
    if name.isEmpty {
      throw ConfigurationError(field: "symbols", value: "an empty name", allowed: "a name each")
    }
    if symbols[name] != nil {
      throw ConfigurationError(field: "symbols", value: name, allowed: "every name once")
    }
    let most = InboxDoor.symbolsMaximum
    if symbols.names.count == most {
      throw ConfigurationError(
        field: "symbols", value: "\(most + 1) names", allowed: "at most \(most)")
    }
    return symbols.register(name)
  }

  /// What as many symbols need at most; those there are where that is nil.
  func memory(symbols count: Int?) -> EngineMemory {
    EngineMemory(
      configuration, symbols: count ?? symbols.names.count, begun: symbolsBegun,
      featureBytes: featureBytes, featureCount: pipeline.featureNames.count)
  }

  mutating func add(_ name: String) throws(ConfigurationError) -> SymbolID {
    let count = symbols.names.count + 1
    if count <= InboxDoor.symbolsMaximum {
      try memory(symbols: count).check(configuration, symbols: count)
    }
    let symbol = try Self.add(name, to: &symbols)
    desk.add()
    watch.add(name)
    journal?.register(symbol, name)
    return symbol
  }

  mutating func retire(_ symbol: SymbolID) {
    desk.retire(symbol)
    journal?.retire(symbol, after: sequencer.lastSequence)
  }

  mutating func open(
    _ symbols: [SymbolID], source: String, policy: FeedPolicy, _ feedSwitch: FeedSwitch
  ) throws(CoreError) -> FeedGroup? {
    let door = sequencer.door
    guard desk.hasSeats(for: symbols, source: source), !symbols.contains(where: door.isProducing)
    else { return nil }
    let producer = try door.open(symbols)
    let known = desk.sourceNames.count
    let id = desk.seat(symbols, source: source)
    if desk.sourceNames.count > known { journal?.register(id, source) }
    return FeedGroup(source: id, policy: policy, producer: producer, feedSwitch: feedSwitch)
  }

  /// Takes what the feeds have pushed, and puts out what is ready; returns how many ticks that were.
  mutating func cycle() throws -> Int {
    if isStopped || isTakingHistory { return 0 }
    let count: Int
    if journal == nil {
      count = try Self.cycle(&sequencer, desk, &pipeline, &consumer)
    } else {
      count = try cycleJournaled()
    }
    if count > 0 { isLive = true }
    try pipeline.collect(into: &consumer)
    look()
    return count
  }

  /// Notes what has begun or ended; where all is well that is two comparisons.
  @inline(__always)
  private mutating func look() {
    if consumer.hasFailed, !isFailureNoted { noteFailure() }
    if overflows.isDue(sequencer.takeDrops()) { lookAtOverflows() }
  }

  private mutating func noteFailure() {
    isFailureNoted = true
    if let error = consumer.error { watch.consumerFailed(error, at: pipeline.gate.marketClock) }
  }

  private mutating func lookAtOverflows() {
    let grown = overflows.look(
      desk, sequencer.door, now: MonotonicClock.nanoseconds, clock: pipeline.gate.marketClock,
      watch)
    if journal != nil { for symbol in grown { keepOverflow(symbol) } }
  }

  // Static, as the sequencer hands its ticks to the pipeline.
  private static func cycle(
    _ sequencer: inout Sequencer, _ desk: borrowing FeedDesk,
    _ pipeline: inout Pipeline<Members>, _ consumer: inout LastingConsumer<Consumer>
  ) throws -> Int {
    try sequencer.cycle(desk) { ticks, times in
      consumer.take(inputs: ticks)
      pipeline.stageClock.batch = times
      try pipeline.process(ticks, into: &consumer)
      return pipeline.stageClock.batch.moment
    }
  }

  /// Has cycles wait until ``endHistory(at:)``; refuses history once something came live, and a
  /// store's behind files.
  mutating func beginHistory(ofStore: Bool) throws(ConfigurationError) {
    let late: String? =
      if isTakingHistory {
        "while other history is taken"
      } else if isStopped {
        "after the end"
      } else if isLive {
        "after a live tick"
      } else if pipeline.isSpread {
        "after the start of shards"
      } else if ofStore, journal != nil {
        "a store, whose bars no journal keeps"
      } else if ofStore, hasHistoryTicks {
        // Its bars would close before those that ticks have left open.
        "a store after files"
      } else {
        nil
      }
    if let late { throw Self.refusal(late) }
    isTakingHistory = true
    journal?.beginHistory()
  }

  private static func refusal(_ late: String) -> ConfigurationError {
    ConfigurationError(
      field: "history", value: late,
      allowed: "stores, then files, before anything is taken live, or shards started")
  }

  /// Refuses more of it where the engine was stopped meanwhile.
  private func requireHistory() throws(ConfigurationError) {
    if !isTakingHistory { throw Self.refusal("after the end") }
  }

  mutating func register(sources: [String]) -> [SourceID] {
    sources.map { name in
      let known = desk.sourceNames.count
      let id = desk.register(name)
      if desk.sourceNames.count > known { journal?.register(id, name) }
      return id
    }
  }

  /// Takes ticks of history, each with the moment from which on it says nothing; returns how many
  /// of them an earlier piece has reached, which are duplicates.
  mutating func take(history ticks: [(tick: Tick, end: Timestamp)]) throws -> Int {
    try requireHistory()
    var repeated = 0
    let history = ticks.map { entry in
      var tick = entry.tick
      if tick.symbol != .unknown, tick.time < desk.begin(of: tick.symbol) {
        tick.flags = TickFlags(refusal: .duplicate)
        repeated += 1
      }
      return tick
    }
    hasHistoryTicks = true
    let inputs = sequencer.number(history)
    try journal?.keepWaiting(inputs.span)
    consumer.take(inputs: inputs.span)
    consumer.isNotingRejections = true
    defer { consumer.isNotingRejections = false }
    try pipeline.process(inputs.span, into: &consumer)
    noteReached(ticks)
    try tellError()
    return repeated
  }

  /// Has what was accepted, and nothing else, decide what of its symbol is a duplicate later.
  private mutating func noteReached(_ ticks: [(tick: Tick, end: Timestamp)]) {
    let isCorrecting = configuration.pipeline.normalization.corrections != .off
    var rejections = consumer.rejections[...]
    for place in ticks.indices {
      let isRejected = rejections.first?.index == place
      let reason = isRejected ? rejections.removeFirst().reason : nil
      // A late one has corrected its bar, and is to do so once.
      if isRejected, !(isCorrecting && reason == .late) { continue }
      desk.reach(ticks[place].end, of: ticks[place].tick.symbol)
    }
  }

  /// Takes closed bars of history; returns how many an earlier piece has reached, which are left out.
  mutating func take(history bars: [Bar]) throws -> Int {
    try requireHistory()
    let timeframe = configuration.pipeline.normalization.timeframe
    let fresh = bars.filter { $0.start >= desk.begin(of: $0.symbol) }
    try pipeline.restore(fresh.span, into: &consumer)
    sequencer.skip(through: pipeline.gate.lastSequence)
    for bar in fresh { desk.reach(bar.start + timeframe.span, of: bar.symbol) }
    try tellError()
    return bars.count - fresh.count
  }

  /// Lets cycles go on, if they wait.
  ///
  /// What comes live is taken from `end` on where that is given, and of each symbol from where its
  /// history has ended; returns from where on all is. Clock events that came meanwhile take effect
  /// behind what the feeds had pushed by now.
  @discardableResult
  mutating func endHistory(at end: Timestamp?) throws -> Timestamp {
    if !isTakingHistory { return desk.end }
    isTakingHistory = false
    desk.begin(at: end)
    pipeline.endBars()
    if let moment = postponedClock {
      postponedClock = nil
      sequencer.sweepAll()
      for _ in 0...configuration.ringCapacity / configuration.drainLimit { _ = try cycle() }
      try advance(to: moment)
    }
    return desk.end
  }

  mutating func advance(to moment: Timestamp) throws {
    if isTakingHistory { return postponedClock = max(postponedClock ?? moment, moment) }
    if isStopped { return }
    if moment > pipeline.gate.marketClock,
      journal?.move(clock: moment, after: sequencer.lastSequence) == false
    {
      return
    }
    try pipeline.advance(to: moment, into: &consumer)
  }

  mutating func spread(overShards count: Int, _ waitStrategy: WaitStrategy) throws {
    if count > 1, isTakingHistory {
      throw ConfigurationError(
        field: "shards", value: "\(count), while history is taken",
        allowed: "1, or more once it was taken")
    }
    // A start that got no thread for the cycles leaves the shards, for the next one.
    if !pipeline.isSpread { try pipeline.spread(overShards: count, waitStrategy: waitStrategy) }
  }

  mutating func stop() throws {
    if isStopped { return }
    try endHistory(at: nil)
    // A hint may be on its way still, so every ring is looked at, until none has anything.
    var waiter = Waiter(.park)
    while true {
      sequencer.sweepAll()
      if try cycle() > 0 {
        waiter.reset()
      } else if journal == nil || !hasWaiting || journal?.isHalting == true {
        break
      } else {
        // The journal is behind.
        waiter.wait()
      }
    }
    isStopped = true
    // Whatever becomes of the journal, what was taken is finished.
    var failure: (any Error)?
    do { try closeJournal() } catch { failure = error }
    try pipeline.finish(into: &consumer)
    look()
    overflows.finish(desk, sequencer.door, clock: pipeline.gate.marketClock, watch)
    if let failure { throw failure }
  }

  /// Throws what the consumer threw, once.
  mutating func tellError() throws {
    guard let error = consumer.error, !isErrorTold else { return }
    isErrorTold = true
    throw error
  }
}
