import Foundation
import Synchronization
import Testing
import Tickloom

/// One symbol of fifty gone mad, on a thread of its own: what the others get of it.
struct EngineIsolationTests {
  typealias Support = EngineThreadTests

  static let symbols = 50
  static let mad = SymbolID(rawValue: 49)

  /// Everything that a broken feed can send, one after the other.
  static func nonsense(_ index: Int, at time: Timestamp) -> Tick {
    let day = Nanoseconds.seconds(86_400)
    switch index % 7 {
    case 0: return Tick(time: time, symbol: mad, bid: .nan, ask: .nan)
    case 1: return Tick(time: time, symbol: mad, bid: 2, ask: 1)
    case 2: return Tick(time: time + day, receiveTime: time, symbol: mad, last: 5, lastSize: 1)
    case 3: return Tick(time: time + day, symbol: mad, last: 5, lastSize: 1)
    case 4: return Tick(time: time - day, symbol: mad, last: 5, lastSize: 1)
    case 5: return Tick(time: time, symbol: mad, last: 1e308, lastSize: 1e308)
    default: return Tick(time: time, symbol: mad, last: 7, venueSequence: 9)
    }
  }

  static func engine() throws -> Support.Recorder {
    BLAS.useOneThread()
    return try Support.Recorder(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(estimator: .rolling(window: 16)), drainLimit: 8),
      symbols: (0..<symbols).map { "S\($0)" }, features: { .standard() }, consumer: Recording())
  }

  /// What the forty-nine get out, with the mad one beside them or without.
  static func transcript(
    _ ticks: [Tick], withMad: Bool
  ) throws -> (bars: [[UInt64]], features: [[UInt64]], rejected: Int) {
    let engine = try Self.engine()
    var feed = try Support.group(engine, 0..<symbols - 1)
    let end = Mutex<FeedGroup?>(try Support.group(engine, symbols - 1..<symbols))
    let isOver = Atomic(false)
    let now = Atomic(ticks[0].time.nanoseconds)
    let group = DispatchGroup()
    if withMad {
      DispatchQueue(label: "mad").async(group: group) {
        guard var feed = end.withLock({ $0.take() }) else { return }
        var index = 0
        while !isOver.load(ordering: .relaxed) {
          let time = Timestamp(nanoseconds: now.load(ordering: .relaxed))
          index += feed.push(mad, nonsense(index, at: time)).taken
        }
      }
    }
    for tick in ticks {
      now.store(tick.time.nanoseconds, ordering: .relaxed)
      while feed.push(tick.symbol, tick).taken == 0 { try engine.poll() }
      try engine.poll()
    }
    isOver.store(true, ordering: .relaxed)
    group.wait()
    try engine.stop()
    let rejected = engine.total.rejectedTotal
    let result = engine.withConsumer { $0.transcript.without(UInt64(mad.rawValue)) }
    return (result.bars, result.features, rejected)
  }

  @Test func `the others have the bytes of a run without it`() throws {
    let ticks = PipelineDeterminismTests().market(Self.symbols - 1, 12_000, seed: 31)
    let alone = try Self.transcript(ticks, withMad: false)
    let beside = try Self.transcript(ticks, withMad: true)
    #expect(alone.bars.count > 500)
    #expect(alone.bars == beside.bars)
    #expect(alone.features == beside.features)
    #expect(beside.rejected > alone.rejected + 1000)
  }

  @Test func `between two visits lie no more foreign ticks than every symbol's share`() throws {
    let engine = try Self.engine()
    var feed = try Support.group(engine, 0..<Self.symbols)
    let time = PipelineDeterminismTests().market(1, 1, seed: 1)[0].time
    for symbol in 0..<Self.symbols {
      let id = SymbolID(rawValue: UInt32(symbol))
      let ticks = (0..<200).map { Tick(time: time + Nanoseconds($0), symbol: id, last: 1) }
      let taken = feed.push(id, ticks.span).taken
      #expect(taken == 200)
    }
    while try engine.poll() > 0 {}
    let order = engine.withConsumer { $0.inputs.map(\.symbol.index) }
    #expect(order.count == Self.symbols * 200)
    for symbol in 0..<Self.symbols {
      let places = order.indices.filter { order[$0] == symbol }
      let farthest = zip(places, places.dropFirst()).map { $1 - $0 - 1 }.max() ?? 0
      #expect(farthest <= (Self.symbols - 1) * 8)
    }
  }
}
