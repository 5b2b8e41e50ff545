import Foundation
import Synchronization
import Testing
import Tickloom

/// An engine on threads of its own: what comes out, how it stops, and who may stop it.
struct EngineThreadTests {
  typealias Recorder = Engine<StandardFeatures, Recording>

  static func engine(
    _ symbols: Int, ringCapacity: Int = 64, window: Int = 16, consumer: Recording = Recording()
  ) throws -> Recorder {
    BLAS.useOneThread()
    return try Recorder(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(estimator: .rolling(window: window)),
        ringCapacity: ringCapacity, maximumAhead: nil),
      symbols: (0..<symbols).map { "S\($0)" }, features: { .standard() }, consumer: consumer)
  }

  struct NoFeed: Error {}

  static func group(
    _ engine: Recorder, _ symbols: Range<Int>, policy: FeedPolicy = .handBack
  ) throws -> FeedGroup {
    let ids = symbols.map { SymbolID(rawValue: UInt32($0)) }
    guard let feed = try engine.feedGroup(ids, source: "x", policy: policy) else { throw NoFeed() }
    return feed
  }

  /// Pushes all of it from a thread for every two symbols.
  static func feed(_ engine: Recorder, _ ticks: [Tick], symbols: Int) throws {
    let group = DispatchGroup()
    for first in stride(from: 0, to: symbols, by: 2) {
      let end = Mutex<FeedGroup?>(
        try Self.group(engine, first..<min(symbols, first + 2), policy: .wait(.yield)))
      let own = ticks.filter { $0.symbol.index / 2 == first / 2 }
      DispatchQueue(label: "feed \(first)").async(group: group) {
        guard var feed = end.withLock({ $0.take() }) else { return }
        for tick in own { _ = feed.push(tick.symbol, tick) }
      }
    }
    group.wait()
  }

  @Test(arguments: [(1, WaitStrategy.yield), (2, .park), (3, .yield)])
  func `threads put out what a pipeline makes of their order`(
    shards: Int, strategy: WaitStrategy
  ) throws {
    let engine = try Self.engine(6)
    let ticks = PipelinePropertyTests.ticks(symbols: 6, count: 5000, seed: 13)
    try engine.start(shards: shards, waitStrategy: strategy)
    try engine.start(shards: 7)
    try Self.feed(engine, ticks, symbols: 6)
    try engine.stop()
    try engine.stop()
    let recording = engine.withConsumer { $0 }
    #expect(recording.inputs.count == ticks.count)
    #expect(engine.total.received == ticks.count)
    let replayed = try transcript(
      recording.inputs, engine.configuration.pipeline, batch: { 100 })
    #expect(replayed == recording.transcript)
    #expect(replayed.versions.count > 30)
  }

  @Test(arguments: [-1, 0, 65])
  func `a number of shards that cannot be is refused`(shards: Int) throws {
    let engine = try Self.engine(1)
    let error = #expect(throws: ConfigurationError.self) { try engine.start(shards: shards) }
    #expect(error == ConfigurationError(field: "shards", value: "\(shards)", allowed: "1 … 64"))
    try engine.start()
    try engine.stop()
  }

  @Test func `an engine that goes away takes its threads with it`() throws {
    var engine: Recorder? = try Self.engine(2)
    try engine?.start(shards: 2)
    let versions = engine?.versions
    // Would wait for ever for a thread that nobody ends.
    engine = nil
    let number = versions?.withLatest { $0.number }
    #expect(number == 0)
  }

  @Test func `versions are read while the threads run`() throws {
    let engine = try Self.engine(2)
    let ticks = PipelinePropertyTests.ticks(symbols: 2, count: 3000, seed: 3)
    try engine.start(waitStrategy: .yield)
    try Self.feed(engine, ticks, symbols: 2)
    try engine.stop()
    let last = try #require(engine.versions.withLatest { $0.number })
    let count = engine.withConsumer { $0.transcript.versions.count }
    #expect(Int(last) == count)
  }

  @Test func `the kill switch refuses feeds, and what was taken is finished`() throws {
    let engine = try Self.engine(1, ringCapacity: 256)
    var feed = try Self.group(engine, 0..<1, policy: .dropNewest)
    let ticks = Array(PipelineDeterminismTests().market(1, 100, seed: 1).prefix(40))
    let before = feed.push(SymbolID(rawValue: 0), ticks.span)
    engine.halt(reason: "risk limit")
    engine.halt(reason: "too late")
    let after = feed.push(SymbolID(rawValue: 0), ticks.span)
    let alone = feed.push(SymbolID(rawValue: 0), ticks[0])
    #expect(before == FeedReceipt(taken: 40, position: 40, status: .open))
    #expect(after == FeedReceipt(taken: 0, position: 40, status: .halted))
    #expect(alone.status == .halted)
    let reason = feed.haltReason
    #expect(reason == "risk limit" && engine.haltReason == "risk limit")
    try engine.stop()
    #expect(engine.total.received == 40)
    let stopped = feed.push(SymbolID(rawValue: 0), ticks.span)
    #expect(stopped.status == .stopped)
    let inputs = engine.withConsumer { $0.inputs.count }
    #expect(inputs == 40)
  }

  @Test func `a rule of the consumer's trips the switch`() throws {
    let engine = try Self.engine(1, consumer: Recording(inputsMaximum: 5))
    var feed = try Self.group(engine, 0..<1)
    let ticks = PipelineDeterminismTests().market(1, 100, seed: 1)
    let few = Array(ticks.prefix(5))
    _ = feed.push(SymbolID(rawValue: 0), few.span)
    try engine.poll()
    #expect(engine.haltReason == nil)
    _ = feed.push(SymbolID(rawValue: 0), few.span)
    try engine.poll()
    #expect(engine.haltReason?.hasPrefix("10 inputs") == true)
  }

  @Test func `a rule that a clock event breaks trips the switch as well`() throws {
    let engine = try Self.engine(1, consumer: Recording(barsMaximum: 0))
    var feed = try Self.group(engine, 0..<1)
    let ticks = PipelineDeterminismTests().market(1, 100, seed: 1)
    _ = feed.push(SymbolID(rawValue: 0), ticks[0])
    try engine.poll()
    #expect(engine.haltReason == nil)
    try engine.advance(to: ticks[0].time + .seconds(60))
    #expect(engine.haltReason == "1 inputs, 1 bars")
  }

  @Test func `a feed that waits is let go by the kill switch`() throws {
    let engine = try Self.engine(1, ringCapacity: 4)
    let end = Mutex<FeedGroup?>(try Self.group(engine, 0..<1, policy: .wait(.park)))
    let ticks = PipelineDeterminismTests().market(1, 100, seed: 1)
    let group = DispatchGroup()
    let receipt = Mutex<FeedReceipt?>(nil)
    DispatchQueue(label: "feed").async(group: group) {
      guard var feed = end.withLock({ $0.take() }) else { return }
      let result = feed.push(SymbolID(rawValue: 0), ticks.span)
      receipt.withLock { $0 = result }
    }
    // Nobody polls; the ring stays full.
    while try engine.poll() == 0 { sched_yield() }
    engine.halt(reason: "enough")
    group.wait()
    let result = try #require(receipt.withLock { $0 })
    #expect(result.status == .halted && result.taken < ticks.count && result.taken >= 4)
    try engine.stop()
    #expect(engine.total.received == result.taken)
  }

  @Test func `a feed that waits is let go by an engine that goes away`() throws {
    var engine: Recorder? = try Self.engine(1, ringCapacity: 4)
    let end = Mutex<FeedGroup?>(try engine.map { try Self.group($0, 0..<1, policy: .wait(.yield)) })
    let ticks = PipelineDeterminismTests().market(1, 100, seed: 1)
    let group = DispatchGroup()
    let position = Mutex<FeedReceipt?>(nil)
    DispatchQueue(label: "feed").async(group: group) {
      guard var feed = end.withLock({ $0.take() }) else { return }
      let result = feed.push(SymbolID(rawValue: 0), ticks.span)
      position.withLock { $0 = result }
    }
    while try engine?.poll() == 0 { sched_yield() }
    engine = nil
    group.wait()
    let result = try #require(position.withLock { $0 })
    #expect(result.status == .stopped && result.taken >= 4)
  }

  @Test(arguments: [false, true])
  func `a consumer that throws stops no tick`(isThreaded: Bool) throws {
    let engine = try Self.engine(2, consumer: Recording(throwsAfter: 3))
    let ticks = PipelinePropertyTests.ticks(symbols: 2, count: 3000, seed: 8)
    if isThreaded {
      try engine.start(waitStrategy: .yield)
      try Self.feed(engine, ticks, symbols: 2)
    } else {
      var feed = try Self.group(engine, 0..<2)
      var failures = 0
      for tick in ticks {
        while feed.push(tick.symbol, tick).taken == 0 {
          do { try engine.poll() } catch is Recording.Failure { failures += 1 }
        }
      }
      #expect(failures == 1)
    }
    if isThreaded {
      #expect(throws: Recording.Failure.self) { try engine.stop() }
    }
    try engine.stop()
    #expect(engine.total.received == ticks.count)
    let latest = engine.versions.withLatest { $0.number } ?? 0
    #expect(latest > 20)
    let bars = engine.withConsumer { $0.transcript.bars.count }
    #expect(bars >= 3 && bars < 50)
  }
}
