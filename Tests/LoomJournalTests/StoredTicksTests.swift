import LoomCore
import Testing

@testable import LoomJournal

/// What was appended comes back, bit for bit and in order.
struct StoredTicksTests {
  /// Ticks of several symbols in turns, some of them odd.
  static func ticks(_ count: Int, from first: UInt64 = 1) -> [SequencedTick] {
    (0..<count).map { place in
      let number = Int64(place)
      var tick = Tick(
        time: Timestamp(nanoseconds: 1_700_000_000_000_000_000 + number * 1_000_003),
        receiveTime: Timestamp(nanoseconds: number), symbol: SymbolID(rawValue: UInt32(place % 7)),
        bid: 1.1 + Double(place % 100) / 1e5, ask: place % 5 == 0 ? .nan : 1.2,
        bidSize: -0.0, venueSequence: UInt64(place) &* 0x9E37_79B9_7F4A_7C15,
        source: SourceID(rawValue: UInt16(place % 3)), flags: .quote)
      if place % 11 == 0 { tick.last = Double(bitPattern: 0x7FF8_0000_0000_1234) }
      if place % 13 == 0 { tick.symbol = .unknown }
      return SequencedTick(sequence: first + UInt64(place), tick: tick)
    }
  }

  static func bits(_ ticks: [SequencedTick]) -> [[UInt64]] {
    ticks.map { record in
      let tick = record.tick
      let numbers = [tick.bid, tick.ask, tick.bidSize, tick.askSize, tick.last, tick.lastSize]
      let times = [tick.time, tick.receiveTime].map { UInt64(bitPattern: $0.nanoseconds) }
      return [record.sequence, tick.venueSequence, UInt64(tick.symbol.rawValue)]
        + [UInt64(tick.source.rawValue), UInt64(tick.flags.rawValue)] + times
        + numbers.map(\.bitPattern)
    }
  }

  static func read(_ path: String) throws -> [SequencedTick] {
    var stored = try StoredTicks(path: path)
    var (all, group): ([SequencedTick], [SequencedTick]) = ([], [])
    while try stored.read(into: &group) { all += group }
    return all
  }

  private static func write(_ ticks: [SequencedTick], to path: String, batch: Int) throws {
    var store = try Store(path: path, configuration: StoreTests.configuration)
    for start in stride(from: 0, to: ticks.count, by: batch) {
      let some = Array(ticks[start..<min(ticks.count, start + batch)])
      try store.append(ticks: some.span)
      if batch < 10_000 { try store.commitBatch() }
    }
    try store.close()
  }

  @Test(arguments: [(1, 1), (100, 7), (5000, 333), (70_000, 70_000), (140_000, 11_000)])
  func `comes back as it was`(count: Int, batch: Int) throws {
    let folder = try StoreFolder()
    let ticks = Self.ticks(count)
    try Self.write(ticks, to: folder.store, batch: batch)
    let read = try Self.read(folder.store)
    #expect(Self.bits(read) == Self.bits(ticks))
  }

  @Test func `nothing comes of nothing`() throws {
    let folder = try StoreFolder()
    try Self.write([], to: folder.store, batch: 1)
    #expect(try Self.read(folder.store).isEmpty)
  }

  @Test func `a gap is a bug of whoever appends`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try StoreFolder()
      let ticks = Self.ticks(3)
      try Self.write([ticks[0], ticks[2]], to: folder.store, batch: 2)
    }
  }

  @Test(arguments: [
    "UPDATE blocks SET block = zeroblob(length(block)) WHERE id = 2",
    "UPDATE blocks SET block = substr(block, 1, 500) WHERE id = 2",
    "UPDATE blocks SET block = x'' WHERE id = 2",
    "UPDATE blocks SET block = (SELECT block FROM blocks WHERE id = 1) WHERE id = 2",
    "DELETE FROM blocks WHERE id = 2",
  ])
  func `damage is told with its sequences`(change: String) throws {
    let folder = try StoreFolder()
    try Self.write(Self.ticks(3000), to: folder.store, batch: 1000)
    try Database(path: folder.store).execute(change)
    #expect(Self.damaged(folder.store) == 1001...2000)
  }

  private static func damaged(_ path: String) -> ClosedRange<UInt64>? {
    do {
      _ = try read(path)
      return nil
    } catch JournalError.damaged(_, let sequences, _) {
      return sequences
    } catch {
      return nil
    }
  }
}
