import CLoomJournal
import Testing

struct GroupTests {
  /// Ticks in order of sequence, of symbols that `symbol` chooses.
  private func group(
    _ count: Int, _ symbol: (Int) -> UInt32
  ) -> [loom_sequenced_tick] {
    (0..<count).map { index in
      TickSamples.empty(UInt64(index) + 1, symbol: symbol(index), time: Int64(index) * 1000)
    }
  }

  @Test(arguments: [1, 2, 4095, 4096, 4097, 20_000, 65_536])
  func `a group is cut by symbol, each symbol in order`(count: Int) throws {
    let codec = try BlockCodec()
    var random = Random(seed: UInt64(count))
    let masks: [UInt32] = [0, 7, 0x7FF, 0xFFFF, .max, 0xFFC0_0000]
    for mask in masks {
      let ticks = group(count) { _ in UInt32(truncatingIfNeeded: random.next()) & mask }
      let blocks = try codec.encode(group: ticks)
      #expect(blocks.count == (count + 4095) / 4096)
      let decoded = blocks.map { codec.decode($0).ticks }
      #expect(decoded.dropLast().allSatisfy { $0.count == 4096 })
      let expected = ticks.sorted {
        ($0.tick.symbol, $0.sequence) < ($1.tick.symbol, $1.sequence)
      }
      #expect(words(Array(decoded.joined())) == words(expected), "symbols & \(mask)")
    }
  }

  @Test func `a group of no ticks or too many is no group`() throws {
    let codec = try BlockCodec()
    let ticks = group(65_537) { _ in 1 }
    #expect(loom_group_sort(codec.encoder, ticks, 0) == 0)
    #expect(loom_group_sort(codec.encoder, ticks, 65_537) == 0)
    var size = 0
    var block = [UInt8](repeating: 0, count: Int(LOOM_BLOCK_SIZE_MAX))
    let none = loom_group_encode(codec.encoder, ticks, 0, loom_block_hash(), &block, &size)
    #expect(none == .badArgument)
    #expect(loom_group_sort(codec.encoder, ticks, 4097) == 2)
    let beyond = loom_group_encode(codec.encoder, ticks, 2, loom_block_hash(), &block, &size)
    #expect(beyond == .badArgument)
    #expect(size == 0)
  }

  @Test func `a block takes 1 to 4,096 ticks in order of symbol`() throws {
    let codec = try BlockCodec()
    var block = [UInt8](repeating: 0, count: Int(LOOM_BLOCK_SIZE_MAX))
    let backwards = group(4097) { 9000 - UInt32($0) }
    for count in [0, 2, 4097] as [UInt32] {
      var size = 0
      let status = loom_block_encode(
        codec.encoder, backwards, count, loom_block_hash(), &block, &size)
      #expect(status == .badArgument)
      #expect(size == 0)
    }
  }

  @Test(arguments: [0, 20, -1, Int32.max] as [Int32])
  func `a level that is none is refused`(level: Int32) {
    var encoder: OpaquePointer?
    #expect(loom_encoder_create(level, &encoder) == .badArgument)
    #expect(encoder == nil)
  }

  @Test func `destroying nothing is fine`() {
    loom_encoder_destroy(nil)
    loom_decoder_destroy(nil)
  }

  @Test func `an encoder's past does not show in its blocks`() throws {
    var random = Random(seed: 4)
    let ticks = TickSamples.mixed(4096, &random)
    let fresh = try BlockCodec().encode(ticks)
    let used = try BlockCodec()
    for kind in TickSamples.kinds { _ = try used.encode(kind.make(3000, &random)) }
    #expect(try used.encode(ticks) == fresh)
  }
}
