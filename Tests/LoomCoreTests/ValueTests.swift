import LoomCore
import Testing

struct ValueTests {
  @Test func `what a tick does not say is absent, not zero`() {
    let tick = Tick(time: Timestamp(nanoseconds: 5), symbol: SymbolID(rawValue: 1))
    for value in [tick.bid, tick.ask, tick.bidSize, tick.askSize, tick.last, tick.lastSize] {
      #expect(value.isNaN)
    }
    #expect(tick.receiveTime == tick.time)
    #expect(tick.venueSequence == 0 && tick.source.index == 0 && tick.flags == [])
  }

  @Test func `a tick keeps each field`() {
    let tick = Tick(
      time: Timestamp(nanoseconds: 1), receiveTime: Timestamp(nanoseconds: 2),
      symbol: SymbolID(rawValue: 3), bid: 4, ask: 5, bidSize: 6, askSize: 7, last: 8, lastSize: 9,
      venueSequence: 10, source: SourceID(rawValue: 11), flags: [.quote, .trade])
    #expect(tick.time.nanoseconds == 1 && tick.receiveTime.nanoseconds == 2)
    #expect(tick.symbol.index == 3 && tick.venueSequence == 10 && tick.source.index == 11)
    #expect([tick.bid, tick.ask, tick.bidSize, tick.askSize] == [4, 5, 6, 7])
    #expect([tick.last, tick.lastSize] == [8, 9])
    #expect(tick.flags.contains(.trade) && !tick.flags.contains(.bar))
  }

  @Test func `an input bar travels as a tick`() {
    let tick = Tick(
      barStart: Timestamp(nanoseconds: 60), symbol: SymbolID(rawValue: 2), open: 2, high: 4, low: 1,
      close: 3, volume: 50, venueSequence: 7, source: SourceID(rawValue: 9))
    #expect([tick.open, tick.high, tick.low, tick.last, tick.lastSize] == [2, 4, 1, 3, 50])
    #expect(tick.flags == .bar && tick.time.nanoseconds == 60 && tick.venueSequence == 7)
    let silent = Tick(
      barStart: .earliest, symbol: tick.symbol, open: 1, high: 1, low: 1, close: 1)
    #expect(silent.lastSize.isNaN && silent.askSize.isNaN)
  }

  @Test func `flags are distinct bits`() {
    let flags: [TickFlags] = [.quote, .trade, .snapshot, .buyer, .seller, .bar]
    #expect(flags.map(\.rawValue) == [1, 2, 4, 8, 16, 32])
    #expect([BarFlags.missing, .outlier, .valid].map(\.rawValue) == [1, 2, 4])
  }

  @Test func `a bar has the defaults of a bar without trades`() {
    let bar = Bar(
      start: .earliest, symbol: SymbolID(rawValue: 0), open: 1, high: 2, low: 0.5, close: 1.5)
    #expect(bar.volume == 0 && bar.vwap.isNaN && bar.spreadEstimate.isNaN)
    #expect(bar.tickCount == 1 && bar.gapSlots == 0 && bar.revision == 0)
    let clean = CleanBar(bar: bar)
    #expect(clean.isValid && clean.logReturn.isNaN)
    #expect(!CleanBar(bar: bar, flags: [.missing, .outlier]).isValid)
  }

  @Test func `a feature row begins empty`() {
    let row = FeatureRow(start: .earliest, symbol: SymbolID(rawValue: 1), count: 64)
    #expect(row.values.indices.allSatisfy { row.values[$0].isNaN })
    #expect(row.count == 64 && FeatureRow.maximumCount == row.values.count)
  }

  @Test func `a feature row of 65 values is a bug of the caller`() async {
    await #expect(processExitsWith: .failure) {
      _ = FeatureRow(start: .earliest, symbol: SymbolID(rawValue: 1), count: 65)
    }
  }

  @Test func `a sequenced tick is a tick and its place`() {
    let tick = SequencedTick(sequence: 9, tick: numbered(4))
    #expect(tick.sequence == 9 && tick.tick.isNumbered(4))
  }

  @Test func `reasons are named, in the order they are looked for`() {
    let names = RejectReason.allCases.sorted { $0.rawValue < $1.rawValue }.map(\.name)
    let expected = [
      "malformed", "unknown_symbol", "invalid_time", "invalid_price", "crossed", "invalid_size",
      "duplicate", "late", "overflow",
    ]
    #expect(names == expected)
  }

  @Test func `symbols are numbered in the order they are met`() {
    var table = SymbolTable()
    #expect(["B", "A", "B", "a", ""].map { table.register($0).rawValue } == [0, 1, 0, 2, 3])
    #expect(table.names == ["B", "A", "a", ""])
    #expect(table["A"] == SymbolID(rawValue: 1) && table["C"] == nil)
    #expect(table[SymbolID(rawValue: 2)] == "a")
    #expect(SymbolID(rawValue: 1) < SymbolID(rawValue: 2))
  }
}
