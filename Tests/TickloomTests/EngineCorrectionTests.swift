import Testing
import Tickloom

/// Counts corrections and the versions they come with.
private struct Corrected: PipelineConsumer, Sendable {
  var bars: [(start: Timestamp, revision: UInt16, close: Double)] = []
  var versions: UInt64 = 0

  mutating func take(correction: borrowing Correction) {
    for index in correction.bars.indices {
      let bar = correction.bars[index].clean.bar
      bars.append((bar.start, bar.revision, bar.close))
    }
  }
  mutating func take(version: borrowing HeldVersion) { versions = version.number }
}

struct EngineCorrectionTests {
  private static func engine(
    _ corrections: Corrections
  ) throws -> Engine<StandardFeatures, Corrected> {
    BLAS.useOneThread()
    let pipeline = PipelineConfiguration(
      normalization: try NormalizationConfiguration(corrections: corrections),
      correlation: try CorrelationConfiguration(estimator: .rolling(window: 16)))
    return try Engine(
      configuration: EngineConfiguration(pipeline: pipeline, maximumAhead: nil),
      symbols: ["A"], features: { .standard() }, consumer: Corrected())
  }

  @Test func `a late tick corrects its bar, and the consumer is told`() throws {
    let engine = try Self.engine(.on(horizon: .seconds(60)))
    let symbol = SymbolID(rawValue: 0)
    guard var feed = try engine.feed(for: symbol, source: "x") else {
      throw EngineThreadTests.NoFeed()
    }
    let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)
    for second: Int64 in 0..<10 {
      _ = feed.push(symbol, Tick(time: start + .seconds(second), symbol: symbol, last: 100))
    }
    try engine.poll()
    _ = feed.push(
      symbol, Tick(time: start + Nanoseconds(4_500_000_000), symbol: symbol, last: 101))
    try engine.stop()
    let bars = engine.withConsumer { $0.bars }
    // The bar of the tick, and the one after it, whose return begins at its close.
    #expect(bars.map(\.start) == [start + .seconds(4), start + .seconds(5)])
    #expect(bars.map(\.revision) == [1, 1])
    #expect(bars.map(\.close) == [101, 100])
    #expect(engine.total[.late] == 1)
  }

  @Test func `a bar that a late tick makes counts as one of its symbol's`() throws {
    let engine = try Self.engine(.on(horizon: .seconds(60)))
    let symbol = SymbolID(rawValue: 0)
    guard var feed = try engine.feed(for: symbol, source: "x") else {
      throw EngineThreadTests.NoFeed()
    }
    let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)
    for second: Int64 in [0, 1, 2, 4, 5, 6, 7, 8, 9] {
      _ = feed.push(symbol, Tick(time: start + .seconds(second), symbol: symbol, last: 100))
    }
    try engine.poll()
    let before = engine.status(of: symbol).bars
    for half: Int64 in [1, 3] {
      let time = start + Nanoseconds(half * 1_000_000_000 + 500_000_000)
      _ = feed.push(symbol, Tick(time: time, symbol: symbol, last: 101))
    }
    try engine.poll()
    #expect(before == 8 && engine.status(of: symbol).bars == 9)
    try engine.stop()
    #expect(engine.status(of: symbol).bars == 10)
  }

  @Test func `what corrections keep is part of the memory`() throws {
    let (with, without) = (try Self.engine(.on(horizon: .seconds(60))), try Self.engine(.off))
    #expect(without.memory().corrections == 0)
    #expect(with.memory().corrections > 61 * 500)
  }
}
