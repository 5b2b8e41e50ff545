import CLoomJournal
import Testing

/// Bytes of a faulty or hostile writer, with every checksum right; run under the sanitizers, too.
struct HostileTests {
  static func blocks(_ codec: BlockCodec, _ random: inout Random) throws -> [[UInt8]] {
    try TickSamples.kinds.flatMap { kind in
      try [1, 50, 700].map { try codec.encode(kind.make($0, &random)) }
    }
  }

  static func isHarmless(_ answer: (status: BlockStatus, ticks: [loom_sequenced_tick])) -> Bool {
    answer.status == .malformed || (answer.status == .ok && answer.ticks.count <= 4096)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `whatever the decoder reads, it reads and writes what is its own`(seed: UInt64) throws {
    let codec = try BlockCodec()
    var random = Random(seed: seed)
    for block in try Self.blocks(codec, &random) {
      let open = BlockSurgery.uncompressed(block)
      for round in 0..<60 {
        var changed = round % 3 == 0 ? block : open
        for _ in 0...random.below(3) {
          // Lengths and kinds stand near the start of the body.
          let room = changed.count - 88
          let at = 88 + random.below(random.flip() ? room : min(room, 300))
          let flipped = changed[at] ^ 1 << random.below(8)
          changed[at] = random.flip() ? flipped : UInt8(random.below(256))
        }
        BlockSurgery.seal(&changed) { header in
          if random.below(6) == 0 { header.count = UInt32(1 + random.below(4096)) }
        }
        let symbol = random.flip() ? LOOM_EVERY_SYMBOL : Int64(random.below(5))
        let answer = codec.decode(changed, columns: random.below(4096), symbol: symbol)
        #expect(Self.isHarmless(answer), "seed \(seed), round \(round): \(answer.status)")
      }
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `a body that ends early is malformed`(seed: UInt64) throws {
    let codec = try BlockCodec()
    var random = Random(seed: seed)
    let open = BlockSurgery.uncompressed(try codec.encode(TickSamples.outliers(60, &random)))
    for count in 88..<open.count {
      var short = Array(open[..<count])
      BlockSurgery.seal(&short) { header in
        header.body_size = UInt32(count - 88)
        header.stored_size = header.body_size
      }
      #expect(codec.decode(short).status == .malformed, "\(count - 88) of \(open.count - 88) bytes")
    }
  }

  @Test func `bodies of noise are malformed`() throws {
    let codec = try BlockCodec()
    var random = Random(seed: 11)
    let block = try codec.encode(TickSamples.quotes(100, &random))
    for _ in 0..<500 {
      var noise = block
      for at in 88..<noise.count { noise[at] = UInt8(random.below(256)) }
      BlockSurgery.seal(&noise) { header in
        if random.flip() { header.body_size = header.stored_size }
      }
      #expect(codec.decode(noise).status == .malformed)
    }
  }

  @Test func `a decoder that was fed nonsense still decodes`() throws {
    let codec = try BlockCodec()
    var random = Random(seed: 2)
    let ticks = TickSamples.mixed(500, &random)
    let block = try codec.encode(ticks)
    var nonsense = BlockSurgery.uncompressed(block)
    for at in stride(from: 120, to: nonsense.count, by: 3) { nonsense[at] = 255 }
    BlockSurgery.seal(&nonsense)
    #expect(codec.decode(nonsense).status == .malformed)
    #expect(words(codec.decode(block).ticks) == words(ticks))
  }
}
