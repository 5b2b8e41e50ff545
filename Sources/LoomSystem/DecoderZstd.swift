internal import CZstd

/// Unpacks zstd, any number of frames one after the other.
@safe
final class ZstdDecoder: Decoder {
  private let input: ByteSourceInput
  private let buffer: UnsafeMutableRawBufferPointer
  private let context: OpaquePointer
  private var filled = 0
  private var used = 0
  private var isInsideFrame = false
  private var mayHoldMore = false

  init(input: ByteSourceInput, bufferSize: Int) {
    self.input = input
    unsafe buffer = .allocate(byteCount: bufferSize, alignment: 16)
    guard let context = unsafe ZSTD_createDCtx() else { preconditionFailure("zstd: no memory") }
    unsafe self.context = context
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
    unsafe buffer.deallocate()
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    while unsafe output.pos == 0 {
      if used == filled, !mayHoldMore {
        filled = unsafe try input.read(into: buffer)
        used = 0
        if filled == 0 {
          if isInsideFrame {
            throw .truncated(path: input.path, format: "zstd", byte: input.offset)
          }
          return 0
        }
      }
      unsafe try decompress(into: &output)
    }
    return unsafe output.pos
  }

  /// Bytes of history that the frame starting with `header` asks for (RFC 8878, 3.1.1.1).
  static func windowBytes(_ header: [UInt8]) -> Int {
    guard header.count >= 6, header[0] == 0x28 else { return 8 << 20 }
    let descriptor = header[4]
    if descriptor & 0x20 == 0 {
      let base = 1 << (10 + Int(header[5] >> 3))
      return base + base / 8 * Int(header[5] & 7)
    }
    // A single segment: the window is the content, whose size follows the dictionary's number.
    let start = 5 + [0, 1, 2, 4][Int(descriptor & 3)]
    let length = 1 << Int(descriptor >> 6)
    guard header.count >= start + length else { return 8 << 20 }
    return header[start..<start + length].reversed().reduce(0) {
      ($0 & 0xFFFF_FFFF_FFFF) << 8 | Int($1)
    }
  }

  private func decompress(into output: inout ZSTD_outBuffer) throws(ByteSourceError) {
    var packed = unsafe ZSTD_inBuffer(src: buffer.baseAddress, size: filled, pos: used)
    let status = unsafe ZSTD_decompressStream(context, &output, &packed)
    used = unsafe packed.pos
    if ZSTD_isError(status) != 0 {
      let detail = unsafe String(cString: ZSTD_getErrorName(status))
      let byte = input.offset - Int64(filled - used)
      throw .damaged(path: input.path, format: "zstd", byte: byte, detail: detail)
    }
    isInsideFrame = status != 0
    // A full output buffer may leave unpacked bytes behind in the context.
    mayHoldMore = unsafe isInsideFrame && output.pos == output.size
  }
}
