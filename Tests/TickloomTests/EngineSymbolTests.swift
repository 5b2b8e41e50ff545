import Testing
import Tickloom

/// Symbols that come and go while an engine runs, and what all of them may cost.
struct EngineSymbolTests {
  typealias Support = EngineThreadTests

  @Test func `a symbol that is added enters the matrix with its first return`() throws {
    let engine = try Support.engine(2, ringCapacity: 1 << 16)
    let ticks = PipelinePropertyTests.ticks(symbols: 3, count: 3000, seed: 5)
    var feed = try Support.group(engine, 0..<2)
    for tick in ticks.prefix(1000) where tick.symbol.index < 2 { _ = feed.push(tick.symbol, tick) }
    while try engine.poll() > 0 {}
    let before = engine.versions.withLatest { $0.symbolCount }
    #expect(before == 2)
    let added = try engine.add("S2")
    #expect(added == SymbolID(rawValue: 2))
    #expect(engine.symbol("S2") == added)
    guard var late = try engine.feed(for: added, source: "late") else { throw Support.NoFeed() }
    for tick in ticks.dropFirst(1000) {
      let isLate = tick.symbol == added
      _ = isLate ? late.push(added, tick) : feed.push(tick.symbol, tick)
      try engine.poll()
    }
    try engine.stop()
    let after = engine.versions.withLatest { $0.symbolCount }
    #expect(after == 3)
    let recording = engine.withConsumer { $0 }
    let replayed = try transcript(recording.inputs, engine.configuration.pipeline, batch: { 64 })
    #expect(replayed == recording.transcript)
  }

  @Test func `a symbol that is retired leaves the matrix at an anchor`() throws {
    let engine = try Support.engine(3, ringCapacity: 1 << 16)
    let ticks = PipelineDeterminismTests().market(3, 9000, seed: 6)
    var feed = try Support.group(engine, 0..<3)
    let gone = SymbolID(rawValue: 1)
    for (place, tick) in ticks.enumerated() {
      if place == 1500 { engine.retire(gone) }
      _ = feed.push(tick.symbol, tick)
      try engine.poll()
    }
    try engine.stop()
    let refused = engine.total[.unknownSymbol]
    #expect(refused == ticks.dropFirst(1500).count { $0.symbol == gone })
    let others = engine.versions.withLatest { $0[SymbolID(rawValue: 0), SymbolID(rawValue: 2)] }
    let left = engine.versions.withLatest { $0[SymbolID(rawValue: 0), gone] }
    #expect(others?.isFinite == true)
    #expect(left?.isNaN == true)
    let none = try engine.feed(for: gone, source: "again")
    let isRefused = none == nil
    #expect(isRefused)
    let recording = engine.withConsumer { $0 }
    let replayed = try transcript(recording.inputs, engine.configuration.pipeline, batch: { 64 })
    #expect(replayed == recording.transcript)
  }

  @Test func `symbols that need more memory than they may are refused`() throws {
    BLAS.useOneThread()
    let configuration = try EngineConfiguration(
      pipeline: PipelineConfiguration(), memoryLimitBytes: 8 << 20)
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Support.Recorder(
        configuration: configuration, symbols: (0..<1000).map { "S\($0)" },
        features: { .standard() }, consumer: Recording())
    }
    #expect(error?.field == "symbols" && error?.allowed == "8 MiB by memoryLimitBytes")
    let engine = try Support.Recorder(
      configuration: configuration, symbols: ["A"], features: { .standard() },
      consumer: Recording())
    let one = engine.memory()
    #expect(one.total < 8 << 20)
    #expect(one.rings == 384 + 256 * 80)
    #expect(one.features > 1024)
    #expect(one.tables > 0)
    let refused = #expect(throws: ConfigurationError.self) {
      for name in 0..<1000 { _ = try engine.add("S\(name)") }
    }
    #expect(refused?.field == "symbols")
    #expect(throws: ConfigurationError.self) { _ = try engine.add("A") }
    #expect(throws: ConfigurationError.self) { _ = try engine.add("") }
  }
}
