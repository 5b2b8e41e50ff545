import CLoomJournal
import Testing

struct ColumnTests {
  private let all = Int(LOOM_COLUMN_ALL)

  /// The words of a row of which only `columns` were asked for.
  private func expected(_ ticks: [loom_sequenced_tick], columns: Int) -> [UInt64] {
    var kept = words(ticks)
    for at in kept.indices {
      let word = at % 11
      if word < 10 {
        if columns >> word & 1 == 0 { kept[at] = 0 }
        continue
      }
      if columns >> 10 & 1 == 0 { kept[at] &= 0xFFFF_0000_FFFF_FFFF }
      if columns >> 11 & 1 == 0 { kept[at] &= 0x0000_FFFF_FFFF_FFFF }
    }
    return kept
  }

  @Test(arguments: TickSamples.kinds.indices)
  func `columns come alone and in any company`(kind: Int) throws {
    let codec = try BlockCodec()
    var random = Random(seed: 9)
    let ticks = TickSamples.kinds[kind].make(500, &random)
    let block = try codec.encode(ticks)
    let some = (0..<12).map { 1 << $0 } + [0, all] + (0..<20).map { _ in random.below(4096) }
    for columns in some {
      // What was decoded before must not shine through.
      _ = codec.decode(block)
      let (status, decoded) = codec.decode(block, columns: columns)
      #expect(status == .ok)
      #expect(words(decoded) == expected(ticks, columns: columns), "columns \(columns)")
    }
  }

  @Test func `one symbol comes alone`() throws {
    let codec = try BlockCodec()
    var random = Random(seed: 6)
    var ticks = TickSamples.mixed(900, &random)
    for index in ticks.indices { ticks[index].tick.symbol = 10 + 2 * UInt32(index / 31) }
    let block = try codec.encode(ticks)
    for symbol in 8...80 {
      let (status, decoded) = codec.decode(block, columns: all, symbol: Int64(symbol))
      #expect(status == .ok)
      #expect(words(decoded) == words(ticks.filter { $0.tick.symbol == UInt32(symbol) }))
    }
    for symbol in [Int64.min, -2, 1 << 32 + 12, .max] {
      #expect(codec.decode(block, columns: all, symbol: symbol).status == .ok)
      #expect(codec.decode(block, columns: all, symbol: symbol).ticks.isEmpty)
    }
  }
}
