import LoomCore
import LoomImport
import Testing

struct SimulatedMarketTests {
  @Test(arguments: [1, 7, 1_000_003] as [UInt64])
  func `the same arguments give the same ticks`(seed: UInt64) {
    let first = ticks(3, 5000, seed: seed)
    let second = ticks(3, 5000, seed: seed)
    #expect(first.elementsEqual(second) { $0.fingerprint == $1.fingerprint })
  }

  @Test func `another seed gives another market`() {
    let first = ticks(3, 5000, seed: 1)
    let second = ticks(3, 5000, seed: 2)
    #expect(first.map(\.last) != second.map(\.last))
    #expect(zip(first, second).filter { $0.fingerprint == $1.fingerprint }.count < 5)
  }

  @Test func `the bits are those of every other machine`() {
    let hash = ticks(8, 20_000, seed: 1).reduce(14_695_981_039_346_656_037 as UInt64) {
      ($0 ^ $1.fingerprint) &* 1_099_511_628_211
    }
    #expect(hash == 11_761_040_768_957_712_231)
  }

  @Test(arguments: [1, 7, 64, 1000])
  func `batches hold the same ticks, whatever their size`(size: Int) {
    var market = SimulatedMarket(symbols: 4, ticks: 3000, seed: 5)
    var batch = [Tick](repeating: ticks(1, 1, seed: 1)[0], count: size)
    var read: [Tick] = []
    while true {
      var span = batch.mutableSpan
      let count = market.next(into: &span)
      if count == 0 { break }
      read += batch.prefix(count)
    }
    let expected = ticks(4, 3000, seed: 5)
    #expect(read.elementsEqual(expected) { $0.fingerprint == $1.fingerprint })
  }

  @Test(arguments: [(1, 1), (10, 3), (10, 10), (2, 999)])
  func `gives as many ticks as were asked for, then none`(symbols: Int, count: Int) {
    var market = SimulatedMarket(symbols: symbols, ticks: count, seed: 3)
    for _ in 0..<count { #expect(market.next() != nil) }
    #expect(market.next() == nil)
    #expect(market.next() == nil)
  }

  @Test func `symbols appear in the order of their numbers`() {
    let market = SimulatedMarket(symbols: 120, ticks: 120, seed: 9)
    #expect(ticks(120, 120, seed: 9).map(\.symbol.index) == Array(0..<120))
    #expect(market.symbolNames.first == "SIM001")
    #expect(market.symbolNames.last == "SIM120")
    #expect(market.symbolNames == market.symbolNames.sorted())
  }

  @Test func `every number is a short decimal`() {
    for tick in ticks(9, 20_000, seed: 4) {
      for value in [tick.bid, tick.ask, tick.bidSize, tick.askSize, tick.last, tick.lastSize] {
        #expect(value.isNaN || (value > 0 && value.description.count <= 8), "\(value)")
      }
    }
  }

  @Test func `flags tell what the fields hold`() {
    for tick in ticks(5, 5000, seed: 6) {
      #expect(tick.flags.contains(.quote) == !tick.bid.isNaN)
      #expect(tick.flags.contains(.trade) == !tick.last.isNaN)
      #expect(tick.bid.isNaN == tick.ask.isNaN)
      #expect(tick.receiveTime == tick.time)
      #expect(tick.venueSequence > 0)
    }
  }

  @Test func `the counts of bad ticks are true`() {
    var market = SimulatedMarket(symbols: 6, ticks: 200_000, seed: 8)
    var found = SimulatedFaults()
    while let tick = market.next() { found.count(tick) }
    let made = market.disturbances
    #expect(found.crossed == made.crossed)
    #expect(found.duplicates == made.duplicates)
    #expect(found.outliers == made.outliers)
    // A short delay can fit between two ticks and then cannot be seen.
    #expect((made.delayed - 6...made.delayed).contains(found.delayed))
    for count in [made.crossed, made.duplicates, made.outliers, made.delayed] {
      #expect((120...260).contains(count))
    }
  }

  @Test func `comes about ten times a second and symbol, in random order`() {
    let all = ticks(10, 100_000, seed: 2)
    let seconds = Double((all[99_999].time - all[0].time).count) / 1e9
    #expect((950...1100).contains(seconds))
    let repeats = zip(all, all.dropFirst()).filter { $0.symbol == $1.symbol }.count
    #expect((8000...14_000).contains(repeats))
    #expect((15_000...45_000).contains(all.filter { $0.flags == .trade }.count))
    #expect((1000...4000).contains(all.filter { $0.flags == [.quote, .trade] }.count))
  }

  @Test func `symbols fall silent for minutes, and nobody trades outside the session`() {
    let all = ticks(1, 600_000, seed: 11)
    var silences = 0
    var breaks = 0
    for (earlier, later) in zip(all, all.dropFirst()) {
      let pause = (later.time - earlier.time).count / 1_000_000_000
      if (60...301).contains(pause) { silences += 1 }
      if pause > 50_000 { breaks += 1 }
    }
    #expect((4...25).contains(silences))
    #expect(breaks == 2)
    for tick in all {
      let time = CivilTime(tick.time)
      let minute = time.hour * 60 + time.minute
      guard (870..<1260).contains(minute) else {
        Issue.record("\(tick.time)")
        return
      }
    }
  }

  @Test func `weekends are left out`() {
    // 2024-01-02 was a Tuesday: its sixth session is on the ninth, the next Tuesday.
    var market = SimulatedMarket(symbols: 1, ticks: 1_300_000, seed: 12)
    var days: Set<Int> = []
    while let tick = market.next() { days.insert(CivilTime(tick.time).day) }
    #expect(days == [2, 3, 4, 5, 8, 9])
  }

  private func ticks(_ symbols: Int, _ count: Int, seed: UInt64) -> [Tick] {
    var market = SimulatedMarket(symbols: symbols, ticks: count, seed: seed)
    return (0..<count).compactMap { _ in market.next() }
  }
}

extension Tick {
  /// All fields mixed into one number.
  fileprivate var fingerprint: UInt64 {
    let fields = [
      UInt64(bitPattern: time.nanoseconds), UInt64(bitPattern: receiveTime.nanoseconds),
      bid.bitPattern, ask.bitPattern, bidSize.bitPattern, askSize.bitPattern, last.bitPattern,
      lastSize.bitPattern, venueSequence, UInt64(symbol.rawValue), UInt64(flags.rawValue),
    ]
    return fields.reduce(0) { ($0 << 7 | $0 >> 57) ^ $1 &* 0x9E37_79B9_7F4A_7C15 }
  }
}
