import Foundation
import Synchronization
import Testing
import Tickloom

struct EngineTests {
  private typealias Recorder = Engine<StandardFeatures, Recording>

  /// As an engine runs it: with the bound on how far ticks may lie ahead.
  private static var configuration: PipelineConfiguration {
    get throws {
      try PipelineConfiguration(estimator: .rolling(window: 32)).with(maximumAhead: .seconds(5))
    }
  }

  private static func engine(
    _ symbols: Int, ringCapacity: Int = 256, drainLimit: Int = 64,
    consumer: Recording = Recording()
  ) throws -> Recorder {
    BLAS.useOneThread()
    return try Recorder(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(estimator: .rolling(window: 32)),
        ringCapacity: ringCapacity, drainLimit: drainLimit),
      symbols: (0..<symbols).map { "S\($0)" }, features: { .standard() }, consumer: consumer)
  }

  /// What a pipeline makes of the order that the engine gave its inputs.
  private static func replay(_ recording: Recording) throws -> Transcript {
    try transcript(recording.inputs, configuration, batch: { 100 })
  }

  private static func market(_ symbols: Int, ticks: Int, seed: UInt64) -> [[Tick]] {
    var market = SimulatedMarket(symbols: symbols, ticks: ticks, seed: seed)
    var room = [Tick](repeating: Tick(time: .earliest, symbol: .unknown), count: ticks)
    var span = room.mutableSpan
    let count = market.next(into: &span)
    var lists = [[Tick]](repeating: [], count: symbols)
    for tick in room.prefix(count) { lists[tick.symbol.index].append(tick) }
    return lists
  }

  @Test(arguments: [(2, 1), (64, 64), (4096, 7)])
  func `what comes out is what a pipeline makes of the same order`(
    ringCapacity: Int, drainLimit: Int
  ) throws {
    let engine = try Self.engine(5, ringCapacity: ringCapacity, drainLimit: drainLimit)
    let lists = Self.market(5, ticks: 4000, seed: 3)
    var feed = try Self.group(engine, 0..<5)
    var sent = [Int](repeating: 0, count: 5)
    while zip(sent, lists).contains(where: { $0 < $1.count }) {
      for (symbol, list) in lists.enumerated() {
        let end = min(list.count, sent[symbol] + 9)
        let id = SymbolID(rawValue: UInt32(symbol))
        let batch = Array(list[sent[symbol]..<end])
        sent[symbol] += feed.push(id, batch.span).taken
      }
      try engine.poll()
    }
    try engine.stop()
    try engine.stop()
    let recording = engine.withConsumer { $0 }
    #expect(recording.inputs.count == 4000)
    #expect(recording.transcript.versions.count > 30)
    let replayed = try Self.replay(recording)
    #expect(replayed == recording.transcript)
    #expect(engine.total.received == 4000)
  }

  /// Fails under `--sanitize=thread` where a tick could be read before it is whole.
  @Test func `free-running feeds come out as their order replayed`() throws {
    let engine = try Self.engine(6, ringCapacity: 64)
    let lists = Self.market(6, ticks: 6000, seed: 5)
    let isOver = Atomic(0)
    let group = DispatchGroup()
    for thread in 0..<2 {
      let symbols = 3 * thread..<3 * thread + 3
      let end = Mutex<FeedGroup?>(try Self.group(engine, symbols))
      DispatchQueue(label: "feed \(thread)").async(group: group) {
        guard var feed = end.withLock({ $0.take() }) else { return }
        Self.send(lists, symbols, &feed)
        isOver.add(1, ordering: .relaxed)
      }
    }
    while isOver.load(ordering: .relaxed) < 2 { if try engine.poll() == 0 { sched_yield() } }
    group.wait()
    try engine.stop()
    let recording = engine.withConsumer { $0 }
    #expect(recording.inputs.count == 6000)
    let replayed = try Self.replay(recording)
    #expect(replayed == recording.transcript)
    for (symbol, list) in lists.enumerated() {
      let taken = recording.inputs.filter { $0.symbol.index == symbol }.map(\.time.nanoseconds)
      let sent: [Int64] = list.map(\.time.nanoseconds)
      #expect(taken == sent, "symbol \(symbol) keeps its order")
    }
  }

  private static func send(_ lists: [[Tick]], _ symbols: Range<Int>, _ feed: inout FeedGroup) {
    var sent = [Int](repeating: 0, count: lists.count)
    while symbols.contains(where: { sent[$0] < lists[$0].count }) {
      for symbol in symbols {
        let end = min(lists[symbol].count, sent[symbol] + 5)
        let id = SymbolID(rawValue: UInt32(symbol))
        let batch = Array(lists[symbol][sent[symbol]..<end])
        sent[symbol] += feed.push(id, batch.span).taken
      }
      sched_yield()
    }
  }

  @Test func `a flood gives no more than its share of a cycle`() throws {
    let engine = try Self.engine(2, ringCapacity: 1024, drainLimit: 8)
    var feed = try Self.group(engine, 0..<2)
    let lists = Self.market(2, ticks: 2000, seed: 1)
    let (many, single) = (Array(lists[0].prefix(900)), Array(lists[1].prefix(1)))
    let flood = feed.push(SymbolID(rawValue: 0), many.span).taken
    let one = feed.push(SymbolID(rawValue: 1), single.span).taken
    #expect(flood == 900)
    #expect(one == 1)
    let visited = try engine.poll()
    #expect(visited == 9)
    let order = engine.withConsumer { $0.inputs.map(\.symbol.index) }
    #expect(order == [0, 0, 0, 0, 0, 0, 0, 0, 1])
    let again = try engine.poll()
    #expect(again == 8)
  }

  @Test func `what a full ring refused is counted as overflow`() throws {
    let engine = try Self.engine(1, ringCapacity: 4)
    var feed = try Self.group(engine, 0..<1)
    let ticks = Self.market(1, ticks: 10, seed: 1)[0]
    let id = SymbolID(rawValue: 0)
    let taken = feed.push(id, ticks.span).taken
    feed.drop(id, ticks.count - taken)
    let position = feed.position
    #expect(taken == 4)
    #expect(position == 4)
    try engine.stop()
    #expect(engine.total[.overflow] == 6)
    #expect(engine.total.received == 10)
  }

  @Test func `a clock event closes a quiet market`() throws {
    let engine = try Self.engine(1)
    var feed = try Self.group(engine, 0..<1)
    let ticks = Array(Self.market(1, ticks: 5, seed: 2)[0].prefix(1))
    let taken = feed.push(SymbolID(rawValue: 0), ticks.span).taken
    #expect(taken == 1)
    try engine.poll()
    let before = engine.withConsumer { $0.transcript.bars.count }
    #expect(before == 0)
    try engine.advance(to: ticks[0].time + .seconds(2))
    let after = engine.withConsumer { $0.transcript.bars.count }
    #expect(after == 1)
  }

  @Test func `a clock event at the end of time closes all there is`() throws {
    let engine = try Self.engine(2)
    var feed = try Self.group(engine, 0..<2)
    let ticks = Self.market(1, ticks: 5, seed: 2)[0]
    _ = feed.push(SymbolID(rawValue: 0), ticks.span)
    try engine.poll()
    try engine.advance(to: Timestamp(nanoseconds: .max))
    try engine.advance(to: .distantPast)
    #expect(engine.withConsumer { $0.transcript.bars.count } > 0)
    try engine.stop()
  }

  @Test func `a symbol has one feed, and only symbols there are`() throws {
    let engine = try Self.engine(3)
    let first = try Self.group(engine, 0..<2)
    #expect(throws: NoFeed.self) { _ = try Self.group(engine, 1..<3) }
    #expect(throws: NoFeed.self) { _ = try Self.group(engine, 2..<4) }
    let isOpen = first.contains(SymbolID(rawValue: 1))
    #expect(isOpen)
    #expect(engine.symbol("S2") == SymbolID(rawValue: 2))
    #expect(engine.symbol("S3") == nil)
    let added = try engine.add("late")
    #expect(engine.name(of: added) == "late" && engine.name(of: SymbolID(rawValue: 0)) == "S0")
    #expect(engine.name(of: .unknown) == nil)
  }

  @Test func `settings out of range are told by field, value and range`() throws {
    let pipeline = try PipelineConfiguration()
    for (ring, drain, holders, field) in [
      (3, 64, 8, "ringCapacity"), (1 << 21, 64, 8, "ringCapacity"), (-4, 64, 8, "ringCapacity"),
      (256, 0, 8, "drainLimit"), (256, 64, 0, "holders"), (256, 64, 4001, "holders"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        _ = try EngineConfiguration(
          pipeline: pipeline, ringCapacity: ring, drainLimit: drain, holders: holders)
      }
      #expect(error?.field == field)
    }
    BLAS.useOneThread()
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Recorder(
        configuration: EngineConfiguration(pipeline: pipeline), symbols: ["A", "B", "A"],
        features: { .standard() }, consumer: Recording())
    }
    #expect(error?.value == "A")
  }

  private struct NoFeed: Error {}

  private static func group(_ engine: Recorder, _ symbols: Range<Int>) throws -> FeedGroup {
    let ids = symbols.map { SymbolID(rawValue: UInt32($0)) }
    guard let feed = try engine.feedGroup(ids, source: "x") else { throw NoFeed() }
    return feed
  }
}
