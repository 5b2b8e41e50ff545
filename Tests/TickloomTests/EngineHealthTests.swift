import Synchronization
import Testing

@testable import Tickloom

/// Parts that fail: what an engine says of them, and that nothing else changes.
struct EngineHealthTests {
  /// Throws at a symbol's 21st bar, or later, where its bars come from the second feed.
  private struct Touchy: FallibleFeature {
    struct Pain: Error {}
    var isTouchy = false
    var bars = 0
    var names: [String] { ["touchy"] }
    mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) throws {
      bars += 1
      if isTouchy, bars > 20, bar.bar.source.rawValue == 1 { throw Pain() }
      row.append(bar.bar.close)
    }
  }

  private typealias Subject = Engine<Chain<StandardFeatures, Contained<Touchy>>, Recording>

  private static let symbolCount = 4

  private static func subject(
    _ recorder: DiagnosticRecorder? = nil, touchy: Touchy = Touchy(), quiet: Nanoseconds = .zero,
    consumer: Recording = Recording()
  ) throws -> Subject {
    BLAS.useOneThread()
    let diagnostics = try recorder.map { recorder in
      try DiagnosticConfiguration(
        sink: recorder.sink, levels: DiagnosticLevels(.debug), queueCapacity: 4, quietSpan: quiet)
    }
    return try Subject(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(estimator: .rolling(window: 16)), ringCapacity: 64,
        maximumAhead: nil, diagnostics: diagnostics ?? .none),
      symbols: (0..<symbolCount).map { "S\($0)" },
      features: { FeatureSet.standard().appending(Contained(touchy)) }, consumer: consumer)
  }

  /// Gives it ticks, those of symbol 2 by a feed of its own; returns what came out, and of what.
  private static func run(
    _ engine: Subject,
    _ ticks: [Tick] = PipelinePropertyTests.ticks(symbols: symbolCount, count: 4000, seed: 6),
    shards: Int = 1
  ) throws -> Recording {
    if shards > 1 { try engine.start(shards: shards) }
    let others = [0, 1, 3].map { SymbolID(rawValue: $0) }
    let policy = FeedPolicy.wait(.yield)
    guard var feed = try engine.feedGroup(others, source: "x", policy: policy),
      var own = try engine.feed(for: SymbolID(rawValue: 2), source: "y", policy: policy)
    else { return Recording() }
    for tick in ticks {
      _ = tick.symbol.index == 2 ? own.push(tick.symbol, tick) : feed.push(tick.symbol, tick)
      if shards == 1 { _ = try? engine.poll() }
    }
    _ = try? engine.stop()
    return engine.withConsumer { $0 }
  }

  @Test func `all is well, then stopped`() throws {
    let recorder = DiagnosticRecorder()
    let engine = try Self.subject(recorder)
    #expect(engine.health().state == .ok && engine.health().troubles.isEmpty)
    let transcript = try Self.run(engine).transcript
    #expect(engine.health().state == .stopped && engine.health().troubles.isEmpty)
    try engine.stop()
    #expect(
      recorder.lines == [
        "info: blas: set up threads=1",
        "info: engine: stopped ticks=\(engine.total.received)"
          + " versions=\(transcript.versions.count)",
      ])
  }

  @Test func `a sink that hangs changes no byte, and is told of`() throws {
    let recorder = DiagnosticRecorder(isShut: true)
    let engine = try Self.subject(recorder)
    // Each is another kind, so that the queue is what gives way.
    for number in 0..<20 { engine.halt(reason: "\(number)") }
    let other = try Self.subject(DiagnosticRecorder(isShut: true))
    let quiet = try Self.subject()
    let (with, without) = (try Self.run(other).transcript, try Self.run(quiet).transcript)
    #expect(with == without && with.versions.count > 20)
    try engine.stop()
    #expect(engine.health().state == .stopped)
    #expect(recorder.all.isEmpty)
    recorder.open()
  }

  @Test func `a consumer that throws is listed, told once, and harms nobody`() throws {
    let recorder = DiagnosticRecorder()
    let engine = try Self.subject(recorder, consumer: Recording(throwsAfter: 3))
    _ = try Self.run(engine)
    let whole = try Self.subject()
    _ = try Self.run(whole)
    let trouble = try #require(engine.health().troubles.first)
    #expect(trouble.component == .consumer && trouble.marketTime != nil)
    #expect(trouble.fields == [.init("reason", "Failure()")])
    #expect(recorder.lines.filter { $0.hasPrefix("error: consumer:") }.count == 1)
    let last = engine.versions.withLatest { "\($0.number) \($0.header.hash)" }
    #expect(last == whole.versions.withLatest { "\($0.number) \($0.header.hash)" })
  }

  @Test(arguments: [1, 3])
  func `a feature that throws is NaN, told once, and all else is as it was`(shards: Int) throws {
    let recorder = DiagnosticRecorder()
    let engine = try Self.subject(recorder, touchy: Touchy(isTouchy: true))
    let recording = try Self.run(engine, shards: shards)
    let hurt = recording.transcript
    let calm = try Self.run(try Self.subject(), recording.inputs).transcript
    #expect(hurt.bars == calm.bars && hurt.matrices == calm.matrices)
    #expect(hurt.features.count == calm.features.count)
    var bars = 0
    for (row, other) in zip(hurt.features, calm.features) {
      #expect(row.dropLast() == other.dropLast())
      if row[0] == 2 { bars += 1 }
      let value = Double(bitPattern: row[row.count - 1])
      let isHurt = row[0] == 2 && bars > 20
      #expect(isHurt ? value.isNaN : value == Double(bitPattern: other[other.count - 1]))
    }
    #expect(bars > 25)
    let troubles = engine.health().troubles
    #expect(troubles.map(\.component) == [.feature] && troubles[0].marketTime != nil)
    #expect(recorder.lines.filter { $0.contains("symbol=S2 feature=touchy") }.count == 1)
  }

  @Test func `an overflow begins and ends once each`() throws {
    let recorder = DiagnosticRecorder()
    let engine = try Self.subject(recorder)
    let symbol = SymbolID(rawValue: 1)
    guard var feed = try engine.feed(for: symbol, source: "x", policy: .dropNewest) else { return }
    let ticks = PipelineDeterminismTests().market(1, 100, seed: 1)
    _ = feed.push(symbol, ticks.span)
    #expect(engine.health().state == .ok)
    try engine.poll()
    let health = engine.health()
    #expect(health.state == .degraded && health.troubles.map(\.message) == ["overflow"])
    #expect(health.troubles[0].fields == [.init("symbol", "S1"), .init("count", 36)])
    feed.drop(symbol, 4)
    try engine.poll()
    #expect(engine.health().state == .degraded)
    try engine.poll()
    #expect(engine.health().state == .ok)
    for _ in 0..<5 { try engine.poll() }
    try engine.stop()
    #expect(
      recorder.lines.filter { $0.contains("feed") } == [
        "warning: feed: overflow begins symbol=S1 count=36",
        "warning: feed: overflow ends symbol=S1 count=40",
      ])
    #expect(engine.status(of: symbol).counters[.overflow] == 40)
  }

  @Test func `an overflow ends with the engine`() throws {
    let recorder = DiagnosticRecorder()
    let engine = try Self.subject(recorder, quiet: .seconds(3600))
    let symbol = SymbolID(rawValue: 1)
    guard var feed = try engine.feed(for: symbol, source: "x", policy: .dropNewest) else { return }
    let ticks = PipelineDeterminismTests().market(1, 100, seed: 1)
    _ = feed.push(symbol, ticks.span)
    try engine.poll()
    feed.drop(symbol, 4)
    try engine.stop()
    #expect(engine.health().troubles.isEmpty)
    #expect(
      recorder.lines.filter { $0.contains("feed") } == [
        "warning: feed: overflow begins symbol=S1 count=36",
        "warning: feed: overflow ends symbol=S1 count=40",
      ])
  }

  @Test func `spent holders and the kill switch are listed`() throws {
    let engine = try Self.subject()
    var held: [Box] = []
    for _ in 0..<engine.versions.holders {
      if let version = engine.versions.hold() { held.append(Box(version)) }
    }
    #expect(engine.health().state == .degraded)
    #expect(engine.health().troubles.map(\.component) == [.reader])
    held = []
    #expect(engine.health().state == .ok)
    engine.halt(reason: "a limit")
    engine.halt(reason: "another")
    let health = engine.health()
    #expect(health.state == .halted && health.troubles.count == 1)
    #expect(health.description.hasPrefix("halted\nengine: halted reason=\"a limit\", for "))
    let json: String = health.json()
    #expect(
      json.hasPrefix("{\n  \"state\": \"halted\",\n  \"troubles\": [\n    {\n      \"component\""))
    #expect(json.hasSuffix("\"reason\": \"a limit\"\n      }\n    }\n  ]\n}"))
  }

  @Test func `spent holders of tables are listed, each kind by itself`() throws {
    let engine = try Self.subject()
    let (bars, cut) = (try #require(engine.bars), try #require(engine.cut))
    #expect(bars.held == 0 && bars.holders == 8)
    var (held, heldCuts) = ([TableBox](), [TableBox]())
    for count in 1...bars.holders {
      #expect(engine.health().state == .ok)
      if let table = bars.hold() { held.append(TableBox(table)) }
      #expect(bars.held == count)
    }
    let trouble = try #require(engine.health().troubles.first)
    #expect(engine.health().state == .degraded && trouble.component == .reader)
    #expect(trouble.message == "as many tables of bars are held as may be")
    #expect(trouble.fields == [.init("holders", 8)])
    for _ in 0..<cut.holders { if let table = cut.hold() { heldCuts.append(TableBox(table)) } }
    let messages = engine.health().troubles.map(\.message)
    #expect(messages == [trouble.message, "as many cuts are held as may be"])
    held = []
    #expect(engine.health().troubles.map(\.message) == [messages[1]])
    heldCuts.removeLast()
    #expect(engine.health().state == .ok)
  }

  private final class Box {
    let version: HeldVersion
    init(_ version: consuming HeldVersion) { self.version = version }
  }

  private final class TableBox {
    let table: HeldBars
    init(_ table: consuming HeldBars) { self.table = table }
  }
}
