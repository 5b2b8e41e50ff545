internal import CZlib

/// Unpacks gzip, any number of members one after the other.
@safe
final class GzipDecoder: Decoder {
  private let input: ByteSourceInput
  private let buffer: UnsafeMutableRawBufferPointer
  // Allocated: zlib keeps the address of its stream.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isAtMember = true
  private var isAtEnd = false

  init(input: ByteSourceInput, bufferSize: Int) {
    self.input = input
    unsafe buffer = .allocate(byteCount: bufferSize, alignment: 16)
    unsafe stream.initialize(to: z_stream())
    // 15 + 16: the largest window, gzip framing only.
    let status = unsafe inflateInit2_(
      stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot start: \(status)")
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe buffer.deallocate()
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    unsafe stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(target.count)
    while unsafe stream.pointee.avail_out == target.count, !isAtEnd { try step() }
    return unsafe target.count - Int(stream.pointee.avail_out)
  }

  private func step() throws(ByteSourceError) {
    if unsafe stream.pointee.avail_in == 0, try !refill() { return }
    if isAtMember, try !startMember() { return }
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    switch status {
    case Z_OK, Z_BUF_ERROR: return
    case Z_STREAM_END:
      isAtMember = true
      unsafe inflateReset(stream)
    default:
      let detail = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(status)"
      throw .damaged(path: input.path, format: "gzip", byte: position, detail: detail)
    }
  }

  /// Reads more of the file; false at its end.
  private func refill() throws(ByteSourceError) -> Bool {
    let count = unsafe try input.read(into: buffer)
    unsafe stream.pointee.next_in = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_in = UInt32(count)
    if count > 0 { return true }
    guard isAtMember else {
      throw .truncated(path: input.path, format: "gzip", byte: input.offset)
    }
    isAtEnd = true
    return false
  }

  /// Skips the zeros that pad a tape archive; false while no member was found.
  private func startMember() throws(ByteSourceError) -> Bool {
    while unsafe stream.pointee.avail_in > 0, unsafe stream.pointee.next_in.pointee == 0 {
      unsafe stream.pointee.next_in += 1
      unsafe stream.pointee.avail_in -= 1
    }
    if unsafe stream.pointee.avail_in == 0 { return false }
    guard unsafe stream.pointee.next_in.pointee == 0x1F else {
      throw .damaged(
        path: input.path, format: "gzip", byte: position, detail: "other bytes follow the end")
    }
    isAtMember = false
    return true
  }

  private var position: Int64 { unsafe input.offset - Int64(stream.pointee.avail_in) }
}
