import Foundation
import Testing
import Tickloom

/// An engine that takes history and then goes live, beside one that was there all the time.
struct EngineHistoryTests {
  typealias Support = EngineThreadTests

  static let symbols = 4
  static let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)

  /// A market without faults and duplicates, cut at the half of its time, on a full second.
  static func market() -> (ticks: [Tick], half: Timestamp) {
    let ticks = PipelineDeterminismTests().market(symbols, 8000, seed: 21)
    let middle = ticks[ticks.count / 2].time.nanoseconds
    return (ticks, Timestamp(nanoseconds: middle - middle % 1_000_000_000))
  }

  static func push(_ ticks: some Sequence<Tick>, into engine: Support.Recorder) throws {
    var feed = try Support.group(engine, 0..<symbols)
    for tick in ticks {
      _ = feed.push(tick.symbol, tick)
      try engine.poll()
    }
  }

  static func engine() throws -> Support.Recorder {
    let engine = try Support.engine(0, ringCapacity: 256, window: 16)
    // As the simulated market names them, so that files match.
    for index in 1...symbols { _ = try engine.add("SIM\(index)") }
    return engine
  }

  static func inFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tickloom-history-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Writes ticks as a file of quotes and trades.
  static func write(_ ticks: [Tick], to file: URL) throws {
    func text(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }
    var lines = ["ts,symbol,bid,ask,bid_size,ask_size,last,size,seq"]
    for tick in ticks {
      let numbers = [tick.bid, tick.ask, tick.bidSize, tick.askSize, tick.last, tick.lastSize]
      lines.append(
        "\(tick.time.nanoseconds),SIM\(tick.symbol.index + 1),"
          + numbers.map(text).joined(separator: ",") + ",\(tick.venueSequence)")
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
  }

  static func uninterrupted(_ ticks: [Tick]) throws -> Recording {
    let engine = try Self.engine()
    try push(ticks, into: engine)
    try engine.stop()
    return engine.withConsumer { $0 }
  }

  @Test func `ticks from a file and then live ones are one run`() throws {
    let (ticks, half) = Self.market()
    let whole = try Self.uninterrupted(ticks)
    try Self.inFolder { folder in
      let file = folder.appending(path: "ticks.csv")
      // The file goes on a while, and the feed begins a while before: both are cut.
      try Self.write(ticks.filter { $0.time < half + .seconds(20) }, to: file)
      let engine = try Self.engine()
      let importing = ImportConfiguration()
      let summary = try engine.take(.files([.path(file.path)], importing), until: half)
      #expect(summary.end == half && summary.afterEnd > 100 && summary.unregistered == 0)
      let live = ticks.filter { $0.time >= half - .seconds(20) }
      try Self.push(live, into: engine)
      try engine.stop()
      let recording = engine.withConsumer { $0 }
      #expect(Self.results(recording) == Self.results(whole))
      let twice = live.count { $0.time < half }
      #expect(engine.total[.duplicate] >= twice && twice > 100)
      #expect(throws: ConfigurationError.self) {
        try engine.take(.files([.path(file.path)], importing))
      }
    }
  }

  @Test func `bars from a store and then live ticks are one run`() throws {
    let (ticks, half) = Self.market()
    let whole = try Self.uninterrupted(ticks)
    try Self.inFolder { folder in
      let (file, store) = (folder.appending(path: "ticks.csv"), folder.appending(path: "run.db"))
      try Self.write(ticks.filter { $0.time < half }, to: file)
      var configuration = RunConfiguration(inputs: [.path(file.path)])
      configuration.storePath = store.path
      configuration.estimator = .rolling(window: 16)
      let run = try Run(configuration).perform()
      let engine = try Self.engine()
      let summary = try engine.take(.store(path: store.path))
      let counts = run.symbols.map(\.counts)
      #expect(summary.taken == counts.reduce(0) { $0 + $1.bars - $1.missing })
      try Self.push(ticks.filter { $0.time >= half - .seconds(5) }, into: engine)
      try engine.stop()
      let recording = engine.withConsumer { $0 }
      // The numbers of inputs differ, and so do the sequences that bars name.
      // A store gives bars in order of time, not of closing.
      #expect(recording.transcript.without(99) == whole.transcript.without(99))
      #expect(recording.transcript.versions.count > 100)
      let versions = (recording.transcript.versions, whole.transcript.versions)
      let differing = zip(versions.0, versions.1).first { $0 != $1 }
      #expect(differing == nil && versions.0.count == versions.1.count)
      let isSame = recording.transcript.matrices == whole.transcript.matrices
      #expect(isSame)
    }
  }

  @Test func `a store of other bars is refused`() throws {
    BLAS.useOneThread()
    try Self.inFolder { folder in
      let (file, store) = (folder.appending(path: "ticks.csv"), folder.appending(path: "run.db"))
      try Self.write(Array(Self.market().ticks.prefix(1000)), to: file)
      var configuration = RunConfiguration(inputs: [.path(file.path)])
      configuration.storePath = store.path
      configuration.timeframe = Timeframe("5s")
      _ = try Run(configuration).perform()
      let engine = try Self.engine()
      let error = #expect(throws: ConfigurationError.self) {
        try engine.take(.store(path: store.path))
      }
      #expect(error?.allowed == "a store with bars of 1s")
      #expect(throws: JournalError.self) { try engine.take(.store(path: file.path)) }
      #expect(throws: JournalError.self) { try engine.take(.store(path: store.path + "x")) }
      let isThere = FileManager.default.fileExists(atPath: store.path + "x")
      #expect(!isThere)
      try engine.start(shards: 2)
      #expect(throws: ConfigurationError.self) { try engine.take(.store(path: store.path)) }
      try engine.stop()
    }
  }

  @Test func `after bars the first live tick decides the price`() throws {
    try Self.inFolder { folder in
      let file = folder.appending(path: "bars.csv")
      let rows = (0..<5).map { "\(1_577_836_800 + $0),SIM1,10,11,9,10" }
      let text = "ts,symbol,open,high,low,close\n" + rows.joined(separator: "\n") + "\n"
      try Data(text.utf8).write(to: file)
      let engine = try Self.engine()
      let summary = try engine.take(.files([.path(file.path)], ImportConfiguration()))
      #expect(summary.taken == 5 && summary.end == Self.start + .seconds(5))
      let time = Self.start + .seconds(6)
      let quote = Tick(time: time, symbol: SymbolID(rawValue: 0), bid: 19, ask: 21)
      try Self.push([quote], into: engine)
      try engine.stop()
      let close = engine.withConsumer { Double(bitPattern: $0.transcript.bars.last?[10] ?? 0) }
      #expect(close == 20)
    }
  }

  /// Bars without their sequences: symbol, start, counts, flags and prices.
  static func numbers(_ recording: Recording) -> [[UInt64]] {
    recording.transcript.bars.map { Array($0[..<4] + $0[6...]) }
  }

  static func results(_ recording: Recording) -> [[UInt64]] {
    numbers(recording) + recording.transcript.features + recording.transcript.matrices
  }
}
