import Foundation
import Testing
import Tickloom

/// Where what comes live begins after history: of each symbol where its own has ended.
struct EngineHistoryBorderTests {
  typealias Support = EngineThreadTests
  typealias History = EngineHistoryTests

  static let names = ["SIM1", "SIM2"]

  static func time(_ seconds: Double) -> Timestamp {
    History.start + Nanoseconds(Int64(seconds * 1e9))
  }

  /// A trade of the place-th symbol.
  static func trade(_ seconds: Double, _ symbol: Int, _ price: Double = 100) -> Tick {
    var tick = Tick(time: time(seconds), symbol: SymbolID(rawValue: UInt32(symbol)))
    (tick.last, tick.lastSize) = (price, 1)
    return tick
  }

  /// Trades of the named symbols in turn, ten a second, the last one at `count / 10` − 0.1 s.
  static func trades(_ count: Int, symbols: [Int] = [0, 1]) -> [Tick] {
    (0..<count).map { trade(Double($0) / 10, symbols[$0 % symbols.count], 100 + Double($0 % 7)) }
  }

  @discardableResult
  static func take(
    _ ticks: [Tick], into engine: Support.Recorder, until end: Timestamp? = nil
  ) throws -> EngineHistory.Summary {
    try History.inFolder { folder in
      let file = folder.appending(path: "ticks.csv")
      try History.write(ticks, to: file)
      return try engine.take(.files([.path(file.path)], ImportConfiguration()), until: end)
    }
  }

  @Test(arguments: [-1.0, 100])
  func `one row far ahead keeps no other symbol from going live`(price: Double) throws {
    let engine = try History.engine()
    let far = Timestamp(nanoseconds: 7_226_582_400_000_000_000)
    var wrong = Self.trade(0, 0, price)
    wrong.time = far
    let summary = try Self.take(Self.trades(200) + [wrong], into: engine)
    let live = (0..<20).map { Self.trade(30 + Double($0), $0 % 2) }
    try History.push(live, into: engine)
    let isLegal = price > 0
    #expect(engine.total[.invalidPrice] == (isLegal ? 0 : 1))
    // A symbol whose last time is wrong has nothing to say before that; the other one has.
    #expect(engine.total[.duplicate] == (isLegal ? 10 : 0))
    #expect(engine.total.accepted == 200 + (isLegal ? 11 : 20))
    #expect(summary.end == (isLegal ? far : Self.time(19.9)) + Nanoseconds(1))
    let other = engine.status(of: SymbolID(rawValue: 1)).counters
    #expect(other.accepted == 110 && other.received == 110)
  }

  @Test func `a symbol whose history ends early goes on from there`() throws {
    let engine = try History.engine()
    // Of the second symbol the file has nothing after 9.8 s; both have their last bar open.
    let early = Self.trades(99, symbols: [1]).filter { $0.time < Self.time(9.85) }
    let ticks = early + [Self.trade(9.9, 0)]
    try Self.take(ticks, into: engine)
    try History.push(
      [Self.trade(9.8, 1), Self.trade(9.85, 1), Self.trade(9.9, 0), Self.trade(9.95, 0)],
      into: engine)
    #expect(engine.total[.duplicate] == 2)
    #expect(engine.total.accepted == ticks.count + 2)
  }

  @Test func `with a border given nothing before it is live`() throws {
    let engine = try History.engine()
    let summary = try Self.take(Self.trades(100), into: engine, until: Self.time(9.5))
    #expect(summary.end == Self.time(9.5) && summary.taken == 95 && summary.afterEnd == 5)
    try History.push([Self.trade(9.4999, 2), Self.trade(9.5, 2)], into: engine)
    #expect(engine.status(of: SymbolID(rawValue: 2)).counters[.duplicate] == 1)
    #expect(engine.total.accepted == 96)
  }

  @Test func `history that comes twice counts once`() throws {
    let (once, engine) = (try History.engine(), try History.engine())
    let ticks = Self.trades(105)
    try Self.take(ticks, into: once)
    try Self.take(Array(ticks.prefix(60)), into: engine)
    let again = try Self.take(ticks, into: engine)
    #expect(again.repeated == 60 && again.taken == 45)
    #expect(engine.total.accepted == 105 && engine.total[.duplicate] == 60)
    try once.stop()
    try engine.stop()
    let recordings = (once.withConsumer { $0 }, engine.withConsumer { $0 })
    #expect(History.results(recordings.0) == History.results(recordings.1))
    #expect(recordings.0.transcript.bars.count == 22)
  }

  @Test func `a store that comes twice counts once, and none follows ticks`() throws {
    try History.inFolder { folder in
      let (file, store) = (folder.appending(path: "ticks.csv"), folder.appending(path: "run.db"))
      try History.write(Self.trades(105), to: file)
      var configuration = RunConfiguration(inputs: [.path(file.path)])
      configuration.storePath = store.path
      _ = try Run(configuration).perform()
      let engine = try History.engine()
      let first = try engine.take(.store(path: store.path))
      let again = try engine.take(.store(path: store.path))
      #expect(first.taken == 22 && again.taken == 0 && again.repeated == 22)
      let bars = engine.withConsumer { $0.transcript.bars.count }
      #expect(bars == 22)
      let files = try engine.take(.files([.path(file.path)], ImportConfiguration()))
      #expect(files.repeated == 105 && engine.total.accepted == 0)
      let error = #expect(throws: ConfigurationError.self) {
        try engine.take(.store(path: store.path))
      }
      #expect(error?.value == "a store after files")
    }
  }
}
