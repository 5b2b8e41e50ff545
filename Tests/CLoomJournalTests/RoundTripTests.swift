import CLoomJournal
import LoomCore
import Testing

struct RoundTripTests {
  static let counts = [1, 2, 3, 7, 8, 9, 63, 64, 65, 200, 1000, 4095, 4096]

  @Test(arguments: TickSamples.kinds.indices, 1...3 as ClosedRange<UInt64>)
  func `every bit comes back`(kind: Int, seed: UInt64) throws {
    let codec = try BlockCodec()
    var random = Random(seed: seed)
    for count in Self.counts {
      let ticks = TickSamples.kinds[kind].make(count, &random)
      let block = try codec.encode(ticks)
      let (status, decoded) = codec.decode(block)
      #expect(status == .ok)
      #expect(words(decoded) == words(ticks), "\(TickSamples.kinds[kind].name), \(count) ticks")
    }
  }

  @Test func `the C struct is Swift's`() {
    #expect(MemoryLayout<loom_tick>.size == MemoryLayout<Tick>.size)
    #expect(MemoryLayout<loom_sequenced_tick>.stride == MemoryLayout<SequencedTick>.stride)
    #expect(MemoryLayout<SequencedTick>.offset(of: \.tick) == 8)
    let offsets: [(loom: Int?, swift: Int?)] = [
      (MemoryLayout<loom_tick>.offset(of: \.time), MemoryLayout<Tick>.offset(of: \.time)),
      (
        MemoryLayout<loom_tick>.offset(of: \.receive_time),
        MemoryLayout<Tick>.offset(of: \.receiveTime)
      ),
      (MemoryLayout<loom_tick>.offset(of: \.bid), MemoryLayout<Tick>.offset(of: \.bid)),
      (MemoryLayout<loom_tick>.offset(of: \.ask), MemoryLayout<Tick>.offset(of: \.ask)),
      (MemoryLayout<loom_tick>.offset(of: \.bid_size), MemoryLayout<Tick>.offset(of: \.bidSize)),
      (MemoryLayout<loom_tick>.offset(of: \.ask_size), MemoryLayout<Tick>.offset(of: \.askSize)),
      (MemoryLayout<loom_tick>.offset(of: \.last), MemoryLayout<Tick>.offset(of: \.last)),
      (MemoryLayout<loom_tick>.offset(of: \.last_size), MemoryLayout<Tick>.offset(of: \.lastSize)),
      (
        MemoryLayout<loom_tick>.offset(of: \.venue_sequence),
        MemoryLayout<Tick>.offset(of: \.venueSequence)
      ),
      (MemoryLayout<loom_tick>.offset(of: \.symbol), MemoryLayout<Tick>.offset(of: \.symbol)),
      (MemoryLayout<loom_tick>.offset(of: \.source), MemoryLayout<Tick>.offset(of: \.source)),
      (MemoryLayout<loom_tick>.offset(of: \.flags), MemoryLayout<Tick>.offset(of: \.flags)),
    ]
    for (loom, swift) in offsets { #expect(loom != nil && loom == swift) }
  }
}
