import Testing

@testable import Tickloom

/// How an engine stands with its symbols.
struct SymbolStatusTests {
  private static func tick(_ second: Int64, _ symbol: UInt32, price: Double) -> Tick {
    Tick(
      time: Timestamp(nanoseconds: second * 1_000_000_000), symbol: SymbolID(rawValue: symbol),
      last: price, lastSize: 1)
  }

  @Test func `a symbol's numbers are those of its ticks`() throws {
    let engine = try EngineThreadTests.engine(3, ringCapacity: 4)
    let (one, two) = (SymbolID(rawValue: 0), SymbolID(rawValue: 1))
    var feed = try EngineThreadTests.group(engine, 0..<2, policy: .dropNewest)
    let fresh = engine.status(of: two)
    #expect(fresh.lastTime == nil && fresh.lastPrice == nil && fresh.watermark == nil)
    #expect(fresh.lag == nil && fresh.timeSpent == nil && fresh.hasFeed && fresh.waiting == 0)

    let ticks = (0..<6).map { Self.tick(Int64(100 + $0), 0, price: 50 + Double($0)) }
    _ = feed.push(one, ticks.span)
    _ = feed.push(two, Self.tick(101, 1, price: -1))
    _ = feed.push(two, Self.tick(101, 1, price: 7))
    #expect(engine.status(of: one).waiting == 4)
    #expect(engine.status(of: one).counters[.overflow] == 2)
    try engine.poll()
    let all = engine.statuses()
    #expect(all.map(\.name) == ["S0", "S1", "S2"])
    #expect(all[0].lastTime == ticks[3].time && all[0].lastPrice == 53 && all[0].waiting == 0)
    #expect(all[0].watermark == ticks[3].time && all[0].lag == .zero && all[0].bars == 3)
    #expect(all[1].lag == .seconds(2) && all[1].lastPrice == 7)
    #expect(all[1].counters[.invalidPrice] == 1 && all[1].counters.accepted == 1)
    #expect(!all[2].hasFeed && all[2].lastTime == nil)
    // The market clock stands where the second fastest symbol is, less the idle span.
    #expect(all[2].watermark == Timestamp(nanoseconds: 99_000_000_000))
    engine.retire(two)
    #expect(engine.status(of: two).isRetired)
  }

  @Test func `the time of every symbol is sampled`() throws {
    let engine = try EngineThreadTests.engine(2)
    var feed = try EngineThreadTests.group(engine, 0..<2)
    for second in 0..<2000 {
      for symbol in 0..<2 as Range<UInt32> {
        let tick = Self.tick(Int64(second), symbol, price: 9)
        _ = feed.push(tick.symbol, tick)
      }
      try engine.poll()
    }
    for status in engine.statuses() {
      #expect(status.timedTicks > 0 && status.timedTicks < 200)
      let spent = try #require(status.timeSpent)
      #expect(spent > .zero && spent.count >= status.timed.count)
    }
  }

  @Test func `a symbol that is not there traps`() async {
    await #expect(processExitsWith: .failure) {
      _ = try EngineThreadTests.engine(1).status(of: SymbolID(rawValue: 1))
    }
  }
}
