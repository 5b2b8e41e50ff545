internal import CXXHash

/// A 128-bit hash.
@frozen
public struct Hash128: BitwiseCopyable, Hashable, Sendable {
  /// The first eight bytes of the written form.
  public var high: UInt64
  /// The last eight bytes of the written form.
  public var low: UInt64

  /// Creates a hash from its halves.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The XXH3-128 of `bytes` (xxHash 0.8, seed 0).
  public init(of bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBytes {
      unsafe Hash128(XXH3_128bits($0.baseAddress, $0.count))
    }
  }

  init(_ hash: XXH128_hash_t) { self.init(high: hash.high64, low: hash.low64) }

  /// Its 16 bytes, most significant first: xxHash's canonical form.
  public var bytes: InlineArray<16, UInt8> {
    InlineArray { index in
      UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
    }
  }
}

extension Hash128: CustomStringConvertible {
  /// 32 hexadecimal digits.
  public var description: String {
    func digits(_ half: UInt64) -> String {
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits(high) + digits(low)
  }

  /// Reads 32 hexadecimal digits; nil for anything else.
  public init?(_ text: String) {
    guard text.utf8.count == 32, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.dropFirst(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}
