import Testing

@testable import Tickloom

/// History beside an engine that runs: what feeds push meanwhile, and who may start or stop it.
///
/// Batches are given by hand, between which everything else may happen.
struct EngineHistoryRunningTests {
  typealias Border = EngineHistoryBorderTests
  typealias Support = EngineThreadTests

  static func begin(_ engine: Support.Recorder) throws {
    try engine.withCore { core in try core.beginHistory(ofStore: false) }
  }

  static func end(_ engine: Support.Recorder) throws {
    try engine.withCore { core in _ = try core.endHistory(at: nil) }
  }

  static func take(_ ticks: ArraySlice<Tick>, into engine: Support.Recorder) throws {
    let entries = ticks.map { (tick: $0, end: $0.time + Nanoseconds(1)) }
    try engine.withCore { core in _ = try core.take(history: entries) }
  }

  static func bars(_ engine: Support.Recorder) -> Int {
    engine.withConsumer { $0.transcript.bars.count }
  }

  @Test(arguments: [false, true])
  func `what feeds push waits for the end of the history`(isThreaded: Bool) throws {
    let engine = try EngineHistoryTests.engine()
    if isThreaded { try engine.start(waitStrategy: .yield) }
    let history = Border.trades(400)
    try Self.begin(engine)
    try Self.take(history[..<200], into: engine)
    var feed = try Support.group(engine, 0..<2)
    // The first two are the last of the history.
    let live = Array(history.suffix(2)) + (0..<20).map { Border.trade(40 + Double($0), $0 % 2) }
    for tick in live {
      let receipt = feed.push(tick.symbol, tick)
      #expect(receipt.taken == 1)
    }
    #expect(try engine.poll() == 0)
    try Self.take(history[200...], into: engine)
    #expect(try engine.poll() == 0)
    #expect(engine.total.received == 400)
    try Self.end(engine)
    try engine.stop()
    #expect(engine.total.accepted == 420 && engine.total[.duplicate] == 2)
    #expect(engine.total.received == 422)
  }

  @Test func `an engine that is stopped takes no more history`() throws {
    let engine = try EngineHistoryTests.engine()
    let history = Border.trades(400)
    try Self.begin(engine)
    try Self.take(history[..<205], into: engine)
    var feed = try Support.group(engine, 0..<2)
    _ = feed.push(SymbolID(rawValue: 0), history[204])
    _ = feed.push(SymbolID(rawValue: 1), history[205])
    try engine.stop()
    #expect(engine.versions.isFinished)
    #expect(engine.total.accepted == 206 && engine.total[.duplicate] == 1)
    let bars = Self.bars(engine)
    #expect(bars == 42)
    let error = #expect(throws: ConfigurationError.self) {
      try Self.take(history[205...], into: engine)
    }
    #expect(error?.value == "after the end")
    try Self.end(engine)
    #expect(Self.bars(engine) == bars && engine.total.received == 207)
  }

  @Test func `several shards start after the history`() throws {
    let engine = try EngineHistoryTests.engine()
    let history = Border.trades(400)
    try Self.begin(engine)
    let error = #expect(throws: ConfigurationError.self) { try engine.start(shards: 2) }
    #expect(error?.field == "shards")
    let other = #expect(throws: ConfigurationError.self) { try Self.begin(engine) }
    #expect(other?.value == "while other history is taken")
    try Self.take(history[...], into: engine)
    try Self.end(engine)
    try engine.start(shards: 2)
    #expect(throws: ConfigurationError.self) { try Self.begin(engine) }
    try engine.stop()
    #expect(engine.total.accepted == 400 && Self.bars(engine) == 80)
  }

  @Test func `a clock event waits for the history, behind what was pushed`() throws {
    let engine = try EngineHistoryTests.engine()
    let history = Border.trades(400)
    try Self.begin(engine)
    try Self.take(history[..<200], into: engine)
    var feed = try Support.group(engine, 0..<2)
    let live = (0..<150).map { Border.trade(40 + Double($0) / 10, 0) }
    for tick in live { _ = feed.push(tick.symbol, tick) }
    try engine.advance(to: Border.time(60))
    try engine.advance(to: Border.time(50))
    try Self.take(history[200...], into: engine)
    #expect(engine.total.accepted == 400)
    try Self.end(engine)
    #expect(engine.total.accepted == 550 && engine.total[.late] == 0)
    // All of them have closed: 40 of either symbol, and 15 of the one that went on.
    #expect(Self.bars(engine) == 95)
    #expect(engine.status(of: SymbolID(rawValue: 0)).watermark == Border.time(60))
  }

  @Test func `history that fails can be taken again`() throws {
    let engine = try EngineHistoryTests.engine()
    let history = Border.trades(400)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: (any Error).self) {
      try engine.take(.store(path: "/nowhere"), cancellation: cancellation)
    }
    let summary = try Border.take(history, into: engine)
    #expect(summary.taken == 400 && summary.repeated == 0)
    #expect(try engine.poll() == 0)
  }
}
