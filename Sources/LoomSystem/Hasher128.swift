internal import CXXHash

/// Computes the XXH3-128 of what comes piece by piece; how it is cut does not matter.
///
/// Numbers enter as their bytes, little endian. One user at a time; allocates once.
@safe
public struct Hasher128: ~Copyable, @unchecked Sendable {
  // Safe to send: the state has one owner, this noncopyable value.
  private let state: OpaquePointer

  /// Creates a hasher that has seen nothing.
  public init() {
    guard let state = unsafe XXH3_createState() else { preconditionFailure("no memory for a hash") }
    unsafe self.state = state
    reset()
  }

  deinit { unsafe XXH3_freeState(state) }

  /// Forgets what it has seen.
  public mutating func reset() { unsafe XXH3_128bits_reset(state) }

  /// Takes bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Takes the four bytes of a number.
  public mutating func update(_ value: UInt32) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe update($0) }
  }

  /// Takes the eight bytes of a number.
  public mutating func update(_ value: UInt64) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe update($0) }
  }

  /// Takes the eight bytes of a number, two's complement.
  public mutating func update(_ value: Int64) { update(UInt64(bitPattern: value)) }

  /// Takes the bits of a number.
  public mutating func update(_ value: Double) { update(value.bitPattern) }

  /// Takes the 16 bytes of a hash.
  public mutating func update(_ hash: Hash128) {
    update(hash.high.byteSwapped)
    update(hash.low.byteSwapped)
  }

  /// The hash of everything seen so far; more may follow.
  public func digest() -> Hash128 { unsafe Hash128(XXH3_128bits_digest(state)) }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
  }
}
