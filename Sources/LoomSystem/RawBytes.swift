/// Plain values as bytes and back, in the machine's own layout.
public enum RawBytes {
  /// Appends the bytes of `value`, which has no padding.
  public static func append<Value: BitwiseCopyable>(_ value: Value, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
  }

  /// The value whose bytes stand at `offset`.
  public static func load<Value: BitwiseCopyable>(
    _ type: Value.Type, at offset: Int, of bytes: Span<UInt8>
  ) -> Value {
    precondition(
      offset >= 0 && offset + MemoryLayout<Value>.size <= bytes.count, "\(offset) is outside")
    return unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: offset, as: type)
    }
  }

  /// Appends the bytes from `offset` on to `target`.
  public static func append(_ bytes: Span<UInt8>, from offset: Int, to target: inout [UInt8]) {
    precondition(offset >= 0 && offset <= bytes.count, "\(offset) is outside")
    unsafe bytes.withUnsafeBufferPointer { unsafe target.append(contentsOf: $0[offset...]) }
  }
}
