/// A growing buffer of text that values are formatted into without any other allocation.
///
/// It has one user at a time; `append` is amortised O(bytes appended).
@safe
public struct TextBuffer: ~Copyable, @unchecked Sendable {
  // Safe to send: the memory has one owner, this noncopyable value.
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// How many bytes are in it.
  public private(set) var count = 0
  var calendar = CalendarDay()

  /// Creates an empty buffer with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  /// Whether it holds nothing.
  public var isEmpty: Bool { count == 0 }

  /// Forgets its bytes and keeps its memory.
  public mutating func removeAll() { count = 0 }

  /// Calls `body` with its bytes.
  public func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: base, count: count)
    return try unsafe body(Span(_unsafeBytes: bytes))
  }

  /// Appends one byte.
  public mutating func append(byte: UInt8) {
    let end = unsafe room(for: 1)
    unsafe end.storeBytes(of: byte, as: UInt8.self)
    count += 1
  }

  /// Appends bytes as they are.
  public mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe append($0) }
  }

  /// Appends the UTF-8 of `text` as it is.
  public mutating func append(_ text: String) {
    append(text.utf8Span.span)
  }

  /// Appends what another buffer holds.
  public mutating func append(_ other: borrowing TextBuffer) {
    unsafe append(UnsafeRawBufferPointer(start: other.base, count: other.count))
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    let end = unsafe room(for: bytes.count)
    unsafe end.copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }

  /// The first free byte, with at least `additional` bytes behind it; `advance` takes them.
  mutating func room(for additional: Int) -> UnsafeMutableRawPointer {
    if count + additional > capacity { grow(additional) }
    return unsafe base + count
  }

  /// Counts bytes written to what `room(for:)` gave.
  mutating func advance(by written: Int) { count += written }

  @inline(never)
  private mutating func grow(_ additional: Int) {
    capacity = max(capacity * 2, count + additional)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    unsafe larger.copyMemory(from: base, byteCount: count)
    unsafe base.deallocate()
    unsafe base = larger
  }
}
