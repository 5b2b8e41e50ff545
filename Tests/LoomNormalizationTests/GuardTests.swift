import LoomCore
import LoomNormalization
import Testing

struct GuardTests {
  @Test(arguments: [
    (
      Tick(
        time: Timestamp(nanoseconds: Timestamp.earliest.nanoseconds - 1), symbol: first, last: 1),
      RejectReason.invalidTime
    ),
    (Tick(time: .end, symbol: first, last: 1), .invalidTime),
    (trade(0, 0), .invalidPrice), (trade(0, -1), .invalidPrice),
    (trade(0, .infinity), .invalidPrice),
    (trade(0, .nan), .invalidPrice), (quote(0, 1, .nan), .invalidPrice),
    (quote(0, 1.5e308, 1.6e308), .invalidPrice),
    (Tick(time: at(0), symbol: first, bid: -1, ask: 2, last: 3), .invalidPrice),
    (quote(0, 2, 1), .crossed),
    (trade(0, 1, size: -1), .invalidSize), (trade(0, 1, size: .infinity), .invalidSize),
    (Tick(time: at(0), symbol: first, bid: 1, ask: 2, askSize: -0.5), .invalidSize),
    (Tick(time: at(0), symbol: .unknown, last: 1), .unknownSymbol),
  ])
  func `a bad tick is refused with its reason`(tick: Tick, reason: RejectReason) throws {
    #expect(try reasons([tick]) == [reason])
  }

  @Test(arguments: [
    quote(0, 1, 1), trade(0, .leastNonzeroMagnitude), trade(0, 1.7e308), trade(0, 1, size: .nan),
    trade(0, 1, size: 0), Tick(time: .earliest, symbol: first, last: 1),
    Tick(time: Timestamp(nanoseconds: Timestamp.end.nanoseconds - 1), symbol: first, last: 1),
    Tick(time: at(0), symbol: first, bid: 1, last: 3),
  ])
  func `an unusual but legal tick is accepted`(tick: Tick) throws {
    #expect(try reasons([tick]) == [nil])
  }

  @Test(arguments: [
    (1.0, 2.0, 0.5, 1.5), (2, 2, 3, 1), (2, 1.5, 1, 2), (2, 3, 0, 2), (.nan, 3, 1, 2),
    (1, .infinity, 1, 1),
  ])
  func `an input bar out of order is an invalid price`(
    open: Double, high: Double, low: Double, close: Double
  ) throws {
    let bar = Tick(
      barStart: at(0), symbol: first, open: open, high: high, low: low == 0.5 ? 1.2 : low,
      close: close)
    #expect(try reasons([bar]) == [.invalidPrice])
  }

  @Test func `a refusal made where it was read is passed on`() throws {
    var tick = trade(0, 1)
    tick.flags.insert(TickFlags(refusal: .malformed))
    var stages = Stages(try NormalizationConfiguration())
    stages.push([tick])
    tick.symbol = .unknown
    stages.push([tick])
    #expect(stages.reasons == [.malformed, .malformed])
    #expect(stages.gate.counters[0][.malformed] == 1)
    #expect(stages.gate.unattributed[.malformed] == 1)
    #expect(stages.gate.total[.malformed] == 2)
  }

  @Test func `the first reason in order wins`() throws {
    #expect(try reasons([Tick(time: .end, symbol: first, bid: -1)]) == [.invalidTime])
    #expect(
      try reasons([Tick(time: at(0), symbol: first, bid: 3, ask: 2, last: -1, lastSize: -1)])
        == [.invalidPrice])
    #expect(
      try reasons([Tick(time: at(0), symbol: first, bid: 3, ask: 2, lastSize: -1)]) == [.crossed])
  }

  @Test func `a trade of a quoted symbol stands at the last price`() throws {
    var stages = Stages(try NormalizationConfiguration())
    stages.push([quote(0, 1, 3), trade(0.5, 9, size: 4), quote(0.7, 2, 4)])
    stages.finish()
    #expect(stages.bars.count == 1)
    #expect(stages.bars[0].high == 3)
    #expect(stages.bars[0].volume == 4)
    #expect(stages.bars[0].tickCount == 3)
    #expect(stages.bars[0].vwap == 2)
    #expect(stages.bars[0].spreadEstimate == 2)
  }

  @Test func `a tick of the other kind before any price is an invalid price`() throws {
    let bid = try NormalizationConfiguration(price: .bid)
    #expect(
      try reasons([trade(0, 9), quote(0, 1, 3), trade(0, 9)], bid) == [.invalidPrice, nil, nil])
    let sized = trade(0, 9, size: -1)
    #expect(try reasons([sized], bid) == [.invalidSize])
  }

  @Test(arguments: [
    (PriceSource.mid, 2.0), (.bid, 1), (.ask, 3), (.last, 5), (.automatic, 2),
  ])
  func `a forced price is used`(source: PriceSource, price: Double) throws {
    var stages = Stages(try NormalizationConfiguration(price: source))
    stages.push([Tick(time: at(0), symbol: first, bid: 1, ask: 3, last: 5)])
    stages.finish()
    #expect(stages.bars.map(\.close) == [price])
  }

  @Test func `a repeat needs a venue sequence and equal fields`() throws {
    #expect(try reasons([trade(0, 1), trade(0, 1)]) == [nil, nil])
    #expect(
      try reasons([trade(0, 1, sequence: 7), trade(0, 1, sequence: 7)]) == [nil, .duplicate])
    #expect(try reasons([trade(0, 1, sequence: 7), trade(0, 2, sequence: 7)]) == [nil, nil])
    #expect(
      try reasons([trade(0, 1, sequence: 7), trade(0, 1, symbol: second, sequence: 7)])
        == [nil, nil])
    let bar = Tick(barStart: at(0), symbol: first, open: 1, high: 2, low: 1, close: 2, volume: -0.0)
    let same = Tick(barStart: at(0), symbol: first, open: 1, high: 2, low: 1, close: 2, volume: 0)
    #expect(try reasons([bar, same]) == [nil, .duplicate])
  }

  @Test(arguments: [1022, 1023, 1024])
  func `a repeat is told among the last 1024 accepted`(between: Int) throws {
    let stranger = (0..<between).map { trade(0.1, 2, sequence: UInt64(100 + $0)) }
    let all = [trade(0, 1, sequence: 7)] + stranger + [trade(0, 1, sequence: 7)]
    #expect(try reasons(all).last == (between < 1024 ? .duplicate : .some(nil)))
  }

  @Test func `plain ticks age the memory of repeats`() throws {
    let plain = (0..<1024).map { _ in trade(0.1, 2) }
    let all = [trade(0, 1, sequence: 7)] + plain + [trade(0, 1, sequence: 7)]
    #expect(try reasons(all).last == .some(nil))
  }

  @Test func `late is what falls into a closed slot`() throws {
    #expect(try reasons([trade(5.5, 1), trade(4.9, 1), trade(5.0, 1)]) == [nil, .late, nil])
    let patient = try NormalizationConfiguration(lateness: .seconds(1))
    #expect(
      try reasons(
        [trade(5.5, 1), trade(4.9, 1), trade(4, 1), trade(3.9, 1), trade(6, 1), trade(4.9, 1)],
        patient)
        == [nil, nil, nil, .late, nil, .late])
  }

  @Test func `two symbols move the market clock and one does not`() throws {
    var stages = Stages(try NormalizationConfiguration())
    stages.push([trade(0, 1), trade(1000, 1)])
    #expect(stages.gate.marketClock == .distantPast)
    stages.push([trade(5, 1, symbol: second)])
    #expect(stages.gate.marketClock == at(3))
    stages.push([
      trade(2.9, 1, symbol: SymbolID(rawValue: 2)), trade(3, 1, symbol: SymbolID(rawValue: 2)),
    ])
    #expect(stages.reasons.suffix(2) == [.late, nil])
  }

  @Test func `an event time ahead of its receipt is invalid where that is checked`() throws {
    var tick = trade(10, 1)
    tick.receiveTime = at(4)
    #expect(try reasons([tick]) == [nil])
    let live = try NormalizationConfiguration(maximumAhead: .seconds(5))
    #expect(try reasons([tick], live) == [.invalidTime])
    tick.receiveTime = at(5)
    #expect(try reasons([tick], live) == [nil])
  }

  @Test func `the histogram tells the lateness that keeps a share`() throws {
    var stages = Stages(try NormalizationConfiguration())
    stages.push((0..<98).map { trade(10 + Double($0), 1) })
    stages.push([trade(105, 1), trade(99, 1)])
    #expect(stages.reasons.last == .late)
    let histogram = stages.gate.latenessHistogram
    #expect(histogram.count == 100)
    #expect(histogram.lateness(keeping: 0.98) == .zero)
    let most = histogram.lateness(keeping: 0.99)
    #expect(most > .seconds(1) && most < Nanoseconds(1_130_000_000))
    let all = histogram.lateness(keeping: 1)
    #expect(all > .seconds(7) && all < Nanoseconds(7_900_000_000))
  }
}
