/// Some bytes that were looked at already, then those of another decoder.
@safe
final class PrefixedDecoder: Decoder {
  private var prefix: [UInt8]
  private let decoder: any Decoder

  init(prefix: [UInt8], decoder: any Decoder) {
    self.prefix = prefix
    self.decoder = decoder
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    if prefix.isEmpty { return unsafe try decoder.read(into: target) }
    let count = min(prefix.count, target.count)
    unsafe target.copyBytes(from: prefix.prefix(count))
    prefix.removeFirst(count)
    return count
  }
}
