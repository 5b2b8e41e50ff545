import CLoomJournal
import CZstd

/// Blocks of a faulty writer: the content is changed and every checksum is right again.
enum BlockSurgery {
  /// Changes the header, then sets both checksums.
  static func seal(
    _ block: inout [UInt8], _ change: (inout loom_block_header) -> Void = { _ in }
  ) {
    let size = Int(LOOM_BLOCK_HEADER_SIZE)
    block.withUnsafeMutableBytes { bytes in
      var header = bytes.loadUnaligned(as: loom_block_header.self)
      change(&header)
      let stored = min(Int(header.stored_size), bytes.count - size)
      let body = UnsafeRawBufferPointer(rebasing: bytes[size..<size + stored])
      header.body_checksum = loom_crc32c(0, body.baseAddress, stored)
      header.header_checksum = withUnsafeBytes(of: &header) {
        loom_crc32c(0, $0.baseAddress, size - 4)
      }
      bytes.storeBytes(of: header, as: loom_block_header.self)
    }
  }

  /// The same block with a body that is not compressed, so that what is changed reaches the
  /// decoder and not only zstd.
  static func uncompressed(_ block: [UInt8]) -> [UInt8] {
    let header = BlockCodec.header(of: block).header
    if header.stored_size == header.body_size { return block }
    let size = Int(LOOM_BLOCK_HEADER_SIZE)
    var body = [UInt8](repeating: 0, count: Int(header.body_size))
    let stored = Array(block[size...])
    _ = ZSTD_decompress(&body, body.count, stored, stored.count)
    var whole = Array(block[..<size] + body)
    seal(&whole) { $0.stored_size = $0.body_size }
    return whole
  }
}
