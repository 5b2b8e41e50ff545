/// Packs bytes by hand, without compressing them, so that the unpackers are tested against the
/// formats' documents instead of against the same libraries.
enum Packed {
  /// One gzip member of stored blocks (RFC 1951, 3.2.4; RFC 1952).
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var rest = bytes[...]
    repeat {
      let part = rest.prefix(65_535)
      rest = rest.dropFirst(part.count)
      let count = UInt16(part.count)
      out += [rest.isEmpty ? 1 : 0]
      out += little(UInt32(count), 2) + little(UInt32(~count), 2) + part
    } while !rest.isEmpty
    return out + little(crc(bytes), 4) + little(UInt32(bytes.count), 4)
  }

  /// One zstd frame of raw blocks (RFC 8878, 3.1.1) with a window of 128 KiB.
  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 7 << 3]
    var rest = bytes[...]
    repeat {
      let part = rest.prefix(100_000)
      rest = rest.dropFirst(part.count)
      out += little(UInt32(part.count) << 3 | (rest.isEmpty ? 1 : 0), 3) + part
    } while !rest.isEmpty
    return out
  }

  private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
