import LoomCore
import Testing

@testable import LoomNormalization

struct HeldSlotsTests {
  /// The slots against an ordered set, over random insertions and removals.
  @Test(arguments: [UInt64](1...5))
  func `keeps each slot once, in order`(seed: UInt64) {
    var random = SplitMix(state: seed)
    var held = HeldSlots()
    var model: [Timestamp] = []
    var newest: Int64 = 0
    for _ in 0..<2000 {
      newest += Int64(random.next() % 3)
      let start = Timestamp(nanoseconds: newest - Int64(random.next() % 6))
      held.insert(start, end: Timestamp(nanoseconds: start.nanoseconds + 1))
      if !model.contains(start) { model = (model + [start]).sorted() }
      if random.next() % 4 == 0 {
        let through = Timestamp(nanoseconds: newest - Int64(random.next() % 40))
        held.removeAll(through: through)
        model.removeAll { $0 <= through }
      }
      let (count, oldest) = (held.count, held.count > 0 ? held.oldest : nil)
      #expect(count == model.count)
      #expect(oldest == model.first)
    }
  }

  @Test func `the market clock reaches the oldest slot where too many wait`() throws {
    let configuration = try NormalizationConfiguration(timeframe: .second)
    var gate = Guard(configuration: configuration, maximumHeld: 3)
    var rejected: [Rejection] = []
    var priced = [PricedTick](
      repeating: PricedTick(time: .earliest, symbol: .unknown, price: 1, sequence: 0), count: 8)
    let second: Int64 = 1_000_000_000
    let ticks = (0..<8).map { (index: Int64) -> SequencedTick in
      // Two in each second.
      let time = Timestamp(nanoseconds: index / 2 * second + index % 2)
      return SequencedTick(
        sequence: UInt64(index + 1), tick: Tick(time: time, symbol: first, last: 1))
    }
    var room = priced.mutableSpan
    let count = gate.admit(ticks.span, into: &room, rejected: &rejected)
    #expect(count == 8)
    let clocks = priced.map(\.marketClock)
    #expect(clocks.prefix(6).allSatisfy { $0 == .distantPast })
    #expect(clocks[6] == Timestamp(nanoseconds: 1_000_000_000))
    #expect(gate.marketClock == Timestamp(nanoseconds: 1_000_000_000))
    #expect(gate.lastSequence == 8)
  }

  @Test func `only the symbol ahead of all others keeps room for many`() throws {
    let configuration = try NormalizationConfiguration(timeframe: .second)
    var gate = Guard(configuration: configuration)
    var rejected: [Rejection] = []
    var priced = [PricedTick](
      repeating: PricedTick(time: .earliest, symbol: .unknown, price: 1, sequence: 0), count: 1)
    // In turn one symbol goes on for a hundred seconds alone.
    for second in 0..<600 {
      let symbol = SymbolID(rawValue: UInt32(second / 100 % 3))
      let tick = Tick(
        time: Timestamp(nanoseconds: Int64(second) * 1_000_000_000), symbol: symbol, last: 1)
      let input = [SequencedTick(sequence: UInt64(second + 1), tick: tick)]
      var room = priced.mutableSpan
      _ = gate.admit(input.span, into: &room, rejected: &rejected)
      let grown = gate.histories.indices.filter { gate.histories[$0].held.hasGrown }
      #expect(grown.count <= 1 && gate.histories[symbol.index].held.count <= 101)
      if second % 100 == 99 { #expect(grown == [symbol.index]) }
    }
    #expect(rejected.isEmpty)
  }

  @Test func `refuses to hold nothing`() async {
    await #expect(processExitsWith: .failure) {
      guard let configuration = try? NormalizationConfiguration() else { return }
      _ = Guard(configuration: configuration, maximumHeld: 0)
    }
  }
}
