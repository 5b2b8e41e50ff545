import LoomCore
import LoomNormalization
import Testing

struct BarBuilderTests {
  @Test func `open and close follow event time and ties follow arrival`() throws {
    var stages = Stages(try NormalizationConfiguration())
    stages.push([
      trade(0.5, 5), trade(0.2, 2), trade(0.2, 3), trade(0.9, 9), trade(0.9, 8), trade(0.7, 7),
    ])
    stages.finish()
    let bar = try #require(stages.bars.first)
    #expect(bar.open == 2)
    #expect(bar.close == 8)
    #expect(bar.high == 9)
    #expect(bar.low == 2)
    #expect(bar.firstSequence == 1)
    #expect(bar.lastSequence == 6)
  }

  @Test func `the market clock closes the bar of a silent symbol`() throws {
    var stages = Stages(try NormalizationConfiguration())
    stages.push([trade(0.5, 1), trade(0.5, 1, symbol: second), trade(3, 1, symbol: second)])
    #expect(stages.bars.map(\.symbol) == [second])
    stages.push([trade(4, 1, symbol: SymbolID(rawValue: 2))])
    #expect(stages.bars.map(\.symbol) == [second, first])
  }

  @Test func `a gap of a century is one number`() throws {
    var stages = Stages(try NormalizationConfiguration(timeframe: try #require(Timeframe("1ns"))))
    stages.push([
      Tick(time: .earliest, symbol: first, last: 1),
      Tick(time: Timestamp(nanoseconds: Timestamp.end.nanoseconds - 1), symbol: first, last: 1),
    ])
    stages.finish()
    #expect(stages.bars.map(\.gapSlots) == [0, .max])
    let cleaned = stages.cleaned()
    #expect(cleaned.map(\.flags) == [.valid, .valid])
  }

  @Test func `a snapshot adds no volume`() throws {
    var stages = Stages(try NormalizationConfiguration())
    var snapshot = trade(0, 5, size: 100)
    snapshot.flags.insert(.snapshot)
    stages.push([snapshot, trade(0.1, 6, size: 2)])
    stages.finish()
    #expect(stages.bars.map(\.volume) == [2])
    #expect(stages.bars.map(\.open) == [5])
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `bars equal a plain computation for any split of the input`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let lateness = Nanoseconds(
      [0, 0, 500_000_000, 3_000_000_000].randomElement(using: &random) ?? 0)
    let configuration = try NormalizationConfiguration(lateness: lateness)
    let ticks = randomTicks(400, &random)
    var whole = Stages(configuration)
    whole.push(ticks)
    whole.finish()
    var split = Stages(configuration)
    var rest = ticks[...]
    while !rest.isEmpty {
      let size = Int.random(in: 1...50, using: &random)
      split.push(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    split.finish()
    #expect(whole.reasons == split.reasons, "seed \(seed)")
    #expect(whole.bars.map(Fields.init) == split.bars.map(Fields.init), "seed \(seed)")
    let expected = plainBars(ticks, whole.reasons)
    #expect(Set(whole.bars.map(Fields.init)) == Set(expected), "seed \(seed)")
    #expect(whole.bars.count == expected.count, "seed \(seed)")
  }

  @Test func `aggregating minute bars equals aggregating the ticks`() throws {
    var random = SplitMix(state: 3)
    let ticks = (0..<3000).map {
      trade(
        Double($0) * 0.7, 100 + Double(Int.random(in: -50...50, using: &random)) / 4,
        size: Double($0 % 5))
    }
    func bars(_ ticks: [Tick], _ timeframe: String) throws -> [Bar] {
      var stages = Stages(
        try NormalizationConfiguration(timeframe: try #require(Timeframe(timeframe))))
      stages.push(ticks)
      stages.finish()
      return stages.bars
    }
    let minutes = try bars(ticks, "1m").map {
      Tick(
        barStart: $0.start, symbol: first, open: $0.open, high: $0.high, low: $0.low,
        close: $0.close, volume: $0.volume)
    }
    let direct = try bars(ticks, "5m")
    let twice = try bars(minutes, "5m")
    #expect(
      direct.map { [$0.open, $0.high, $0.low, $0.close, $0.volume] }
        == twice.map { [$0.open, $0.high, $0.low, $0.close, $0.volume] })
    #expect(twice.map(\.tickCount) == direct.map { min(5, ($0.tickCount + 84) / 85) })
  }
}

/// What a plain computation can tell of a bar.
struct Fields: Hashable {
  let symbol: SymbolID
  let start: Timestamp
  let prices: [Double]
  let counts: [Int64]

  init(_ bar: Bar) {
    symbol = bar.symbol
    start = bar.start
    prices = [bar.open, bar.high, bar.low, bar.close, bar.volume]
    counts = [bar.tickCount, Int64(bar.firstSequence), Int64(bar.lastSequence)]
  }

  /// From the accepted ticks of one slot in arrival order, with their sequences.
  init(_ symbol: SymbolID, _ start: Timestamp, _ ticks: [(UInt64, Tick)]) {
    self.symbol = symbol
    self.start = start
    let byTime = ticks.sorted { ($0.1.time, $0.0) < ($1.1.time, $1.0) }.map(\.1.last)
    prices = [
      byTime[0], byTime.max() ?? .nan, byTime.min() ?? .nan, byTime[byTime.count - 1],
      ticks.reduce(0) { $0 + $1.1.lastSize },
    ]
    counts = [Int64(ticks.count), Int64(ticks[0].0), Int64(ticks[ticks.count - 1].0)]
  }
}

func plainBars(_ ticks: [Tick], _ reasons: [RejectReason?]) -> [Fields] {
  struct Slot: Hashable {
    let symbol: SymbolID
    let start: Timestamp
  }
  var slots: [Slot: [(UInt64, Tick)]] = [:]
  for (index, tick) in ticks.enumerated() where reasons[index] == nil {
    let slot = Slot(symbol: tick.symbol, start: Timeframe.second.slotStart(of: tick.time))
    slots[slot, default: []].append((UInt64(index + 1), tick))
  }
  return slots.map { Fields($0.key.symbol, $0.key.start, $0.value) }
}

func randomTicks(_ count: Int, _ random: inout SplitMix) -> [Tick] {
  var clock = 0.0
  return (0..<count).map { _ in
    clock += Double.random(in: 0..<0.4, using: &random)
    let late =
      Int.random(in: 0..<5, using: &random) == 0 ? Double.random(in: 0..<5, using: &random) : 0
    return trade(
      max(0, clock - late), Double(Int.random(in: 90...110, using: &random)),
      size: Double(Int.random(in: 0...5, using: &random)),
      symbol: SymbolID(rawValue: UInt32.random(in: 0..<3, using: &random)))
  }
}
