import Testing

@testable import Tickloom

/// What holds for every input: markets from seeds, cut at random, with and without bad neighbours.
struct PipelinePropertyTests {
  /// A generator of which every test has its own, by its seed: SplitMix64 (Steele 2014).
  struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// A market with late ticks and long silences, as a feed without any care would deliver it.
  static func ticks(symbols: Int, count: Int, seed: UInt64) -> [Tick] {
    var market = SimulatedMarket(symbols: symbols, ticks: count, seed: seed)
    var random = Seeded(state: seed)
    var ticks: [Tick] = []
    while let tick = market.next() {
      // Of one symbol most ticks are held back, so that it lags behind the others' clock.
      if tick.symbol.index == 0, ticks.count > 50, Int.random(in: 0..<40, using: &random) > 0 {
        continue
      }
      ticks.append(tick)
    }
    for _ in 0..<count / 50 {
      let place = Int.random(in: 60..<ticks.count, using: &random)
      ticks.swapAt(place, place - Int.random(in: 1..<50, using: &random))
    }
    return ticks
  }

  static func transcript(
    _ ticks: [Tick], lateness: Nanoseconds, maximumHeld: Int, cuts: (inout Seeded) -> Int,
    seed: UInt64
  ) throws -> Transcript {
    BLAS.useOneThread()
    let configuration = PipelineConfiguration(
      normalization: try NormalizationConfiguration(lateness: lateness),
      correlation: try CorrelationConfiguration(estimator: .rolling(window: 12)))
    var pipeline = try Pipeline(
      configuration: configuration, features: { .standard() }, maximumHeld: maximumHeld)
    var output = Transcript()
    var random = Seeded(state: seed)
    var start = 0
    while start < ticks.count {
      let end = min(ticks.count, start + cuts(&random))
      try pipeline.process(ticks[start..<end].span, into: &output)
      start = end
    }
    try pipeline.finish(into: &output)
    let (total, counters) = (pipeline.gate.total, pipeline.gate.counters)
    #expect(total.received == ticks.count)
    #expect(counters.reduce(0) { $0 + $1.accepted } == total.accepted)
    for reason in RejectReason.allCases {
      #expect(counters.reduce(0) { $0 + $1[reason] } == total[reason], "\(reason)")
    }
    return output
  }

  @Test(arguments: [UInt64](1...6), [1, 3, 40, 1 << 20])
  func `any split gives the same bytes, however few rows may wait`(
    seed: UInt64, maximumHeld: Int
  ) throws {
    let lateness = [Nanoseconds.zero, .seconds(1), .seconds(5)][Int(seed % 3)]
    let ticks = Self.ticks(symbols: 2, count: 4000, seed: seed)
    func output(_ cuts: (inout Seeded) -> Int) throws -> Transcript {
      try Self.transcript(
        ticks, lateness: lateness, maximumHeld: maximumHeld, cuts: cuts, seed: seed)
    }
    let whole = try output { _ in ticks.count }
    #expect(whole.versions.count > 50, "seed \(seed)")
    #expect(try output { _ in 1 } == whole, "seed \(seed), one by one")
    #expect(
      try output { Int.random(in: 1...700, using: &$0) } == whole, "seed \(seed), cut at random")
  }

  @Test(arguments: [UInt64](1...4))
  func `a matrix holds no symbol before its time, however the input is split`(seed: UInt64) throws {
    let all = Self.ticks(symbols: 5, count: 4000, seed: seed)
    let start = try #require(all.first?.time)
    // Symbols 0 and 1 move the market clock; each of the others begins ten seconds after the last.
    let ticks = all.filter { tick in
      tick.time >= start + .seconds(10 * max(0, Int64(tick.symbol.index) - 1))
    }
    func output(_ count: Int) throws -> Transcript {
      try Self.transcript(
        ticks, lateness: .zero, maximumHeld: 1 << 20, cuts: { _ in count }, seed: seed)
    }
    let single = try output(1)
    #expect(single.versions.count > 50)
    #expect(try output(ticks.count) == single, "seed \(seed)")
    #expect(try output(64) == single, "seed \(seed)")
  }

  /// The faults of a feed, one after the other, told of a symbol at a time.
  static func faults(of symbol: SymbolID, at tick: Tick, _ random: inout Seeded) -> [Tick] {
    let time = tick.time
    switch Int.random(in: 0..<7, using: &random) {
    case 0: return [Tick(time: time, symbol: symbol, bid: .nan, ask: .infinity)]
    case 1: return [Tick(time: time, symbol: symbol, bid: 2, ask: 1)]
    case 2: return [Tick(time: time + .seconds(86_400), symbol: symbol, last: 5, lastSize: 1)]
    case 3: return [Tick(time: .distantPast, symbol: symbol, last: 5)]
    case 4: return [Tick(time: time, symbol: symbol, last: 1e308, lastSize: 1e308)]
    case 5: return [Tick(time: time, symbol: symbol, last: 5, lastSize: -1)]
    default:
      let again = Tick(time: time, symbol: symbol, last: 7, venueSequence: 9)
      return Array(repeating: again, count: 300)
    }
  }

  @Test(arguments: [UInt64](1...4))
  func `a broken symbol changes nothing for the others`(seed: UInt64) throws {
    let symbols = 6
    let bad = SymbolID(rawValue: UInt32(seed) % UInt32(symbols))
    let all = Self.ticks(symbols: symbols, count: 3000, seed: seed)
    let without = all.filter { $0.symbol != bad }
    var random = Seeded(state: seed)
    let with = without.flatMap { [$0] + Self.faults(of: bad, at: $0, &random) }
    func rest(_ ticks: [Tick]) throws -> (bars: [[UInt64]], features: [[UInt64]]) {
      try Self.transcript(
        ticks, lateness: .seconds(1), maximumHeld: 1 << 20, cuts: { _ in 256 }, seed: seed
      ).without(UInt64(bad.rawValue))
    }
    let (alone, beside) = (try rest(without), try rest(with))
    #expect(alone.bars == beside.bars, "seed \(seed)")
    #expect(alone.features == beside.features, "seed \(seed)")
    #expect(alone.bars.count > 100)
  }
}
