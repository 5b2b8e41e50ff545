import LoomSystem
import Testing

struct HashTests {
  /// The value for nothing is xxHash's own test vector; the other is what `xxhsum -H2` prints.
  @Test(arguments: [
    ("", "99aa06d3014798d86001c324468d497f"), ("abc", "06b05ab6733a618578af5f94892f3950"),
  ])
  func `is the hash of xxHash`(text: String, expected: String) {
    let bytes = Array(text.utf8)
    let hash = Hash128(of: bytes.span)
    #expect(hash.description == expected)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `how the input is cut does not matter`(seed: UInt64) {
    var random = SplitMix(state: seed)
    let bytes = (0..<5000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var hasher = Hasher128()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int(random.next() % 700))
      hasher.update(bytes.span.extracting(start..<end))
      start = end
    }
    let digest = hasher.digest()
    let expected = Hash128(of: bytes.span)
    #expect(digest == expected, "seed \(seed)")
  }

  @Test func `numbers enter as little endian bytes and a hash as it is written`() {
    var hasher = Hasher128()
    hasher.update(Hash128(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F))
    hasher.update(UInt32(0x1312_1110))
    hasher.update(Int64(-2))
    hasher.update(1.0)
    let bytes: [UInt8] =
      Array(0...0x13) + [0xFE] + Array(repeating: 0xFF, count: 7)
      + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
    let digest = hasher.digest()
    let expected = Hash128(of: bytes.span)
    #expect(digest == expected)
  }

  @Test(arguments: [UInt64(4), 5, 6])
  func `numbers among bytes keep their places`(seed: UInt64) {
    var random = SplitMix(state: seed)
    var hasher = Hasher128()
    var bytes: [UInt8] = []
    for _ in 0..<2000 {
      let number = random.next()
      switch number % 5 {
      case 0, 1:
        hasher.update(number)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
      case 2, 3:
        hasher.update(UInt32(truncatingIfNeeded: number))
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
      default:
        let piece = [UInt8](repeating: 7, count: Int(number % 40))
        hasher.update(piece.span)
        bytes += piece
      }
      // A look in between changes nothing.
      if number % 7 == 0 { _ = hasher.digest() }
    }
    let digest = hasher.digest()
    let expected = Hash128(of: bytes.span)
    #expect(digest == expected, "seed \(seed)")
  }

  @Test func `starts again after a reset`() {
    var hasher = Hasher128()
    hasher.update(UInt64(7))
    hasher.reset()
    let digest = hasher.digest()
    #expect(digest.description == "99aa06d3014798d86001c324468d497f")
  }

  @Test func `its text reads back`() {
    let hash = Hash128(high: 0x0102, low: .max)
    #expect(hash.description == "0000000000000102ffffffffffffffff")
    #expect(Hash128("0000000000000102ffffffffffffffff") == hash)
    #expect(Hash128("0000000000000102fffffffffffffff") == nil)
    #expect(Hash128("+000000000000102ffffffffffffffff") == nil)
    let bytes = hash.bytes
    let written = bytes.indices.map { bytes[$0] }
    #expect(written == [0, 0, 0, 0, 0, 0, 1, 2] + Array(repeating: 255, count: 8))
  }
}
