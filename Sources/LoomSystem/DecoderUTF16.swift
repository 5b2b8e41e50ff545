/// Turns UTF-16 into UTF-8; what is no legal UTF-16 becomes U+FFFD.
@safe
final class UTF16Decoder: Decoder {
  private let input: any Decoder
  private let isBigEndian: Bool
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var used = 0
  private var isAtEnd = false
  // The bytes of a character for which the last target had no room.
  private var pending: [UInt8] = []

  init(input: any Decoder, isBigEndian: Bool, bufferSize: Int) {
    self.input = input
    self.isBigEndian = isBigEndian
    unsafe buffer = .allocate(byteCount: bufferSize, alignment: 16)
  }

  deinit { unsafe buffer.deallocate() }

  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    var count = 0
    while count < target.count {
      if pending.isEmpty, try !encodeNext() { break }
      while count < target.count, let byte = pending.first {
        unsafe target[count] = byte
        count += 1
        pending.removeFirst()
      }
    }
    return count
  }

  /// Puts the next character into `pending`; false at the end.
  private func encodeNext() throws(ByteSourceError) -> Bool {
    if !isAtEnd, filled - used < 4 { try refill() }
    guard let scalar = nextScalar() else { return false }
    pending.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return true
  }

  private func refill() throws(ByteSourceError) {
    let rest = filled - used
    for index in 0..<rest { unsafe buffer[index] = buffer[used + index] }
    (filled, used) = (rest, 0)
    while filled < 4 {
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = unsafe try input.read(into: room)
      if count == 0 {
        isAtEnd = true
        return
      }
      filled += count
    }
  }

  private func nextScalar() -> Unicode.Scalar? {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    guard used < filled else { return nil }
    guard filled - used >= 2 else {
      used = filled
      return replacement
    }
    let first = unit(at: used)
    used += 2
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, filled - used >= 2 else { return replacement }
    let second = unit(at: used)
    guard second >= 0xDC00, second <= 0xDFFF else { return replacement }
    used += 2
    return Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00))
  }

  private func unit(at index: Int) -> UInt16 {
    let low = unsafe UInt16(buffer[index])
    let high = unsafe UInt16(buffer[index + 1])
    return isBigEndian ? low << 8 | high : high << 8 | low
  }
}
