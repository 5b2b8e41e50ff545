internal import CXXHash

/// Computes the XXH3-128 of what comes piece by piece; how it is cut does not matter.
///
/// Numbers enter as their bytes, little endian. One user at a time; allocates when created only.
@safe
public struct Hasher128: ~Copyable, @unchecked Sendable {
  // Safe to send: the memory has one owner, this noncopyable value.
  private let state: OpaquePointer
  /// Numbers wait here: xxHash takes a kilobyte in the time of six numbers.
  private let waiting: UnsafeMutableRawPointer
  private var waitingCount = 0
  private static let waitingCapacity = 1024

  /// Creates a hasher that has seen nothing.
  public init() {
    guard let state = unsafe XXH3_createState() else { preconditionFailure("no memory for a hash") }
    unsafe self.state = state
    unsafe waiting = .allocate(byteCount: Self.waitingCapacity, alignment: 16)
    reset()
  }

  deinit {
    unsafe waiting.deallocate()
    unsafe XXH3_freeState(state)
  }

  /// Forgets what it has seen.
  public mutating func reset() {
    waitingCount = 0
    unsafe XXH3_128bits_reset(state)
  }

  /// Takes bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    flush()
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe XXH3_128bits_update(state, buffer.baseAddress, buffer.count)
    }
  }

  /// Takes the four bytes of each of many numbers, without a call for each.
  public mutating func update(_ values: Span<UInt32>) {
    #if _endian(little)
      flush()
      unsafe values.withUnsafeBytes { buffer in
        _ = unsafe XXH3_128bits_update(state, buffer.baseAddress, buffer.count)
      }
    #else
      for index in values.indices { update(values[index]) }
    #endif
  }

  /// Takes the four bytes of a number.
  public mutating func update(_ value: UInt32) {
    if waitingCount + 4 > Self.waitingCapacity { flush() }
    unsafe waiting.storeBytes(of: value.littleEndian, toByteOffset: waitingCount, as: UInt32.self)
    waitingCount += 4
  }

  /// Takes the eight bytes of a number.
  public mutating func update(_ value: UInt64) {
    if waitingCount + 8 > Self.waitingCapacity { flush() }
    unsafe waiting.storeBytes(of: value.littleEndian, toByteOffset: waitingCount, as: UInt64.self)
    waitingCount += 8
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
  public mutating func digest() -> Hash128 {
    flush()
    return unsafe Hash128(XXH3_128bits_digest(state))
  }

  private mutating func flush() {
    unsafe XXH3_128bits_update(state, waiting, waitingCount)
    waitingCount = 0
  }
}
