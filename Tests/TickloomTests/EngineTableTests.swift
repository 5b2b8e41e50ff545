import Synchronization
import Testing
import Tickloom

/// Compares what readers find with what it was given.
private struct Follower: PipelineConsumer, Sendable {
  /// Known once the engine is there.
  final class Readers: Sendable {
    let both = Mutex<(latest: BarReader, cut: BarReader)?>(nil)
  }

  let readers: Readers
  var mistakes: [String] = []
  var checkCount = 0
  private var all: [[CleanBar]] = [[], [], []]

  init(_ readers: Readers) { self.readers = readers }

  mutating func take(bars: Span<CleanBar>) {
    for index in bars.indices { all[bars[index].bar.symbol.index].append(bars[index]) }
  }

  mutating func take(version: borrowing HeldVersion) {
    let (start, all) = (version.start, all)
    check { readers in
      readers.cut.withLatest { table in
        if table.clock != start { return "the cut is of \(table.clock), the version of \(start)" }
        return Self.mistake(table) { symbol in all[symbol].last { $0.bar.start <= start } }
      } ?? "no cut"
    }
  }

  mutating func take(clock: Timestamp) {
    let all = all
    check { readers in
      readers.latest.withLatest { table in Self.mistake(table) { all[$0].last } } ?? "no table"
    }
  }

  private static func mistake(
    _ table: borrowing HeldBars, _ expected: (Int) -> CleanBar?
  ) -> String {
    for symbol in 0..<3 {
      let found = table.latestBar(of: SymbolID(rawValue: UInt32(symbol)))
      if found?.bar.lastSequence != expected(symbol)?.bar.lastSequence { return "of \(symbol)" }
    }
    return ""
  }

  private mutating func check(_ body: ((latest: BarReader, cut: BarReader)) -> String) {
    guard let readers = readers.both.withLock({ $0 }) else { return }
    let mistake = body(readers)
    checkCount += 1
    if !mistake.isEmpty { mistakes.append(mistake) }
  }
}

struct EngineTableTests {
  @Test(arguments: [1, 2])
  func `tables hold the newest bars, and with each version the cut of its time`(
    shards: Int
  ) throws {
    BLAS.useOneThread()
    let readers = Follower.Readers()
    let engine = try Engine(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(estimator: .rolling(window: 8)), ringCapacity: 8192,
        depth: 4, maximumAhead: nil),
      symbols: ["A", "B", "C"], features: { .standard() }, consumer: Follower(readers))
    let (bars, cut) = (try #require(engine.bars), try #require(engine.cut))
    readers.both.withLock { $0 = (bars, cut) }
    let symbols = (0..<3).map { SymbolID(rawValue: $0) }
    guard var feed = try engine.feedGroup(symbols, source: "x", policy: .wait(.yield)) else {
      throw EngineThreadTests.NoFeed()
    }
    let isThreaded = shards > 1
    if isThreaded { try engine.start(shards: shards) }
    for tick in PipelineDeterminismTests().market(3, 6000, seed: 4) {
      _ = feed.push(tick.symbol, tick)
      if !isThreaded { try engine.poll() }
    }
    try engine.stop()
    let (mistakes, checkCount) = engine.withConsumer { ($0.mistakes, $0.checkCount) }
    #expect(mistakes == [])
    #expect(checkCount > 100)
    let starts = bars.withLatest { table in
      table.withBars(of: symbols[1], last: 4) { span in
        span.indices.map { span[$0].bar.start.nanoseconds }
      }
    }
    #expect(starts?.count == 4 && starts == starts?.sorted())
  }

  @Test func `without depth there are no tables`() throws {
    BLAS.useOneThread()
    let engine = try Engine(
      configuration: EngineConfiguration(pipeline: PipelineConfiguration(), depth: 0),
      symbols: ["A"], features: { .standard() }, consumer: Recording())
    let isAny = engine.bars != nil || engine.cut != nil
    #expect(!isAny)
    #expect(engine.memory().tables == 0)
  }
}
