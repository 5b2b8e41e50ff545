import CLoomJournal
import Testing

struct ChecksumTests {
  /// RFC 3720, appendix B.4, and the check value of the CRC catalogues.
  static let published: [(bytes: [UInt8], sum: UInt32)] = [
    (Array("123456789".utf8), 0xE306_9283),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 255, count: 32), 0x62A8_AB43),
    ([UInt8](0..<32), 0x46DD_794E),
    ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
    ([], 0),
  ]

  @Test func `published values`() {
    for (bytes, sum) in Self.published {
      #expect(loom_crc32c(0, bytes, bytes.count) == sum)
      #expect(loom_crc32c_portable(0, bytes, bytes.count) == sum)
    }
  }

  @Test func `the instruction and the table agree on every length and alignment`() {
    var random = Random(seed: 7)
    let bytes = (0..<300).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    bytes.withUnsafeBytes { all in
      for start in 0..<9 {
        for end in start..<300 {
          let part = UnsafeRawBufferPointer(rebasing: all[start..<end])
          let sum = loom_crc32c(5, part.baseAddress, part.count)
          #expect(sum == loom_crc32c_portable(5, part.baseAddress, part.count))
        }
      }
    }
  }

  @Test func `a sum goes on where another ended`() {
    let bytes = Array("123456789".utf8)
    let head = loom_crc32c(0, bytes, 4)
    #expect(loom_crc32c(head, Array(bytes[4...]), 5) == 0xE306_9283)
    #expect(loom_crc32c_portable(head, Array(bytes[4...]), 5) == 0xE306_9283)
  }
}
