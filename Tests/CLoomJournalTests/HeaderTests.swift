import CLoomJournal
import Testing

struct HeaderTests {
  typealias Change = @Sendable (inout loom_block_header) -> Void

  /// A block of 200 quotes of several symbols.
  static func sample(seed: UInt64 = 5) throws -> [UInt8] {
    var random = Random(seed: seed)
    return try BlockCodec().encode(TickSamples.quotes(200, &random))
  }

  @Test func `a header tells what is in the block`() throws {
    var random = Random(seed: 3)
    let ticks = TickSamples.anything(300, &random)
    let previous = loom_block_hash(low: 7, high: 9)
    let block = try BlockCodec().encode(ticks, previous: previous)
    let (status, header) = BlockCodec.header(of: block)
    #expect(status == .ok)
    #expect(header.codec == UInt32(LOOM_BLOCK_CODEC))
    #expect(header.count == 300)
    #expect(header.first_sequence == ticks.map(\.sequence).min())
    #expect(header.last_sequence == ticks.map(\.sequence).max())
    #expect(header.first_time == ticks.map(\.tick.time).min())
    #expect(header.last_time == ticks.map(\.tick.time).max())
    #expect(header.first_symbol == ticks.first?.tick.symbol)
    #expect(header.last_symbol == ticks.last?.tick.symbol)
    #expect(header.previous.low == 7 && header.previous.high == 9)
    let size = withUnsafePointer(to: header) { loom_block_size($0) }
    #expect(size == block.count)
  }

  @Test func `every bit of the header is watched over`() throws {
    let block = try Self.sample()
    for bit in 0..<Int(LOOM_BLOCK_HEADER_SIZE) * 8 {
      var damaged = block
      damaged[bit / 8] ^= 1 << (bit % 8)
      let status = BlockCodec.header(of: damaged).status
      #expect(status == (bit < 64 ? .notABlock : .damaged), "bit \(bit)")
    }
  }

  @Test func `every byte of the body is watched over, and its header can still be read`() throws {
    let block = try Self.sample()
    let codec = try BlockCodec()
    for at in Int(LOOM_BLOCK_HEADER_SIZE)..<block.count {
      var damaged = block
      damaged[at] ^= 1 << (at % 8)
      #expect(BlockCodec.header(of: damaged).status == .ok)
      #expect(codec.decode(damaged).status == .damaged, "byte \(at)")
    }
  }

  @Test func `a block cut short is damaged at every length`() throws {
    let block = try Self.sample()
    let codec = try BlockCodec()
    for count in 0..<block.count {
      let status = codec.decode(Array(block[..<count])).status
      #expect(status == (count < 8 ? .notABlock : .damaged), "\(count) bytes")
    }
  }

  @Test func `bytes behind a block are none of its business`() throws {
    let block = try Self.sample()
    #expect(try BlockCodec().decode(block + [1, 2, 3]).status == .ok)
  }

  @Test func `a later codec is told from damage`() throws {
    var block = try Self.sample()
    BlockSurgery.seal(&block) { $0.codec += 1 }
    #expect(try BlockCodec().decode(block).status == .newerCodec)
  }

  static let impossible: [Change] = [
    { $0.codec = 0 }, { $0.count = 0 }, { $0.count = 4097 }, { $0.body_size = .max },
    { $0.stored_size = $0.body_size + 1 }, { $0.first_sequence = $0.last_sequence + 1 },
    { $0.first_time = $0.last_time + 1 }, { $0.first_symbol = $0.last_symbol + 1 },
  ]

  @Test(arguments: impossible)
  func `a header that cannot be is malformed, whatever its checksum`(change: Change) throws {
    var block = try Self.sample()
    BlockSurgery.seal(&block, change)
    #expect(try BlockCodec().decode(block).status == .malformed)
  }

  static let unfitting: [Change] = [
    { $0.count += 1 }, { $0.count -= 1 }, { $0.first_sequence += 1 }, { $0.last_sequence -= 1 },
    { $0.first_time += 1 }, { $0.last_time -= 1 }, { $0.first_symbol -= 1 },
    { $0.last_symbol += 1 }, { $0.body_size += 1 }, { $0.stored_size -= 1 },
  ]

  @Test(arguments: unfitting)
  func `a header that does not fit its body is malformed`(change: Change) throws {
    var random = Random(seed: 1)
    var ticks = TickSamples.quotes(100, &random)
    for index in ticks.indices { ticks[index].tick.symbol = 5 + UInt32(index / 20) }
    let codec = try BlockCodec()
    var block = try codec.encode(ticks)
    BlockSurgery.seal(&block, change)
    #expect(codec.decode(block).status == .malformed)
  }

  @Test func `a block is found in whatever surrounds it`() throws {
    let block = try Self.sample()
    let head = Array(block[..<8])
    let bytes = [head[0]] + head[..<7] + block + [9, 9] + block + head[..<7]
    let first = loom_block_find(bytes, bytes.count, 0)
    #expect(first == 8)
    #expect(loom_block_find(bytes, bytes.count, 8) == 8)
    let second = loom_block_find(bytes, bytes.count, 9)
    #expect(second == 10 + block.count)
    #expect(loom_block_find(bytes, bytes.count, second + 1) == bytes.count)
    #expect(loom_block_find(bytes, bytes.count, bytes.count + 5) == bytes.count)
    #expect(loom_block_find(head, 8, 0) == 0)
    #expect(loom_block_find(head, 7, 0) == 7)
    #expect(loom_block_find(nil, 0, 0) == 0)
  }

  @Test func `a hash covers every byte`() throws {
    let block = try Self.sample()
    let whole = loom_block_hash_of(block, block.count)
    for at in block.indices {
      var changed = block
      changed[at] ^= 1
      let hash = loom_block_hash_of(changed, changed.count)
      #expect(hash.low != whole.low || hash.high != whole.high)
    }
  }

  /// XXH3-128 of nothing, as xxHash publishes it.
  @Test func `the hash is XXH3-128`() {
    let hash = loom_block_hash_of([UInt8](), 0)
    #expect(hash.high == 0x99AA_06D3_0147_98D8)
    #expect(hash.low == 0x6001_C324_468D_497F)
  }
}
