import CLoomJournal
import Testing

/// An encoder and a decoder, as the tests use them.
final class BlockCodec {
  let encoder: OpaquePointer
  let decoder: OpaquePointer
  private var block = [UInt8](repeating: 0, count: Int(LOOM_BLOCK_SIZE_MAX))
  private var ticks = [loom_sequenced_tick](
    repeating: loom_sequenced_tick(), count: Int(LOOM_BLOCK_TICKS_MAX))

  init(level: Int32 = Int32(LOOM_BLOCK_LEVEL_DEFAULT)) throws {
    var encoder: OpaquePointer?
    var decoder: OpaquePointer?
    try #require(loom_encoder_create(level, &encoder) == .ok)
    try #require(loom_decoder_create(&decoder) == .ok)
    self.encoder = try #require(encoder)
    self.decoder = try #require(decoder)
  }

  deinit {
    loom_encoder_destroy(encoder)
    loom_decoder_destroy(decoder)
  }

  /// The block of ticks in ascending order of symbol.
  func encode(
    _ ticks: [loom_sequenced_tick], previous: loom_block_hash = loom_block_hash()
  ) throws -> [UInt8] {
    var size = 0
    let status = loom_block_encode(
      encoder, ticks, UInt32(ticks.count), previous, &block, &size)
    try #require(status == .ok)
    return Array(block[..<size])
  }

  /// The blocks of a group in any order of symbols.
  func encode(group ticks: [loom_sequenced_tick]) throws -> [[UInt8]] {
    let count = loom_group_sort(encoder, ticks, UInt32(ticks.count))
    return try (0..<count).map { index in
      var size = 0
      let status = loom_group_encode(encoder, ticks, index, loom_block_hash(), &block, &size)
      try #require(status == .ok)
      return Array(block[..<size])
    }
  }

  /// What the decoder says of `bytes`, and the ticks if it says ``BlockStatus/ok``.
  func decode(
    _ bytes: [UInt8], columns: Int = Int(LOOM_COLUMN_ALL), symbol: Int64 = LOOM_EVERY_SYMBOL
  ) -> (status: BlockStatus, ticks: [loom_sequenced_tick]) {
    var count: UInt32 = 0
    let status = loom_block_decode(
      decoder, bytes, bytes.count, UInt32(columns), symbol, &ticks, &count)
    return (status, status == .ok ? Array(ticks[..<Int(count)]) : [])
  }

  static func header(of bytes: [UInt8]) -> (status: BlockStatus, header: loom_block_header) {
    var header = loom_block_header()
    let status = loom_block_header_read(bytes, bytes.count, &header)
    return (status, header)
  }
}

/// The eleven words of a tick: NaNs are compared by their bits.
func words(_ ticks: [loom_sequenced_tick]) -> [UInt64] {
  ticks.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
}
