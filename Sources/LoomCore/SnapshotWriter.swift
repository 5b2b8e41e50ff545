/// Writes states as bytes: numbers as they are in memory, least significant byte first.
public struct SnapshotWriter: SnapshotCoder, Sendable {
  /// What was written.
  public private(set) var bytes: [UInt8] = []

  /// Creates a writer that has written nothing.
  public init() {}

  /// False.
  @inlinable
  public static var isReading: Bool { false }

  /// More than there can be.
  @inlinable
  public var remaining: Int { .max }

  /// Writes where a part begins.
  public mutating func section(_ name: StaticString) {
    var tag = UInt64(snapshotSection: name)
    value(&tag)
  }

  /// Writes a value.
  public mutating func value<Value: SnapshotValue>(_ value: inout Value) {
    let size = MemoryLayout<Value>.size
    unsafe withUnsafeBytes(of: &value) { unsafe append($0.prefix(size)) }
  }

  /// Writes the elements of an array.
  ///
  /// - Complexity: A copy of them.
  public mutating func elements<Value: SnapshotValue>(_ values: inout [Value]) {
    let (size, stride) = (MemoryLayout<Value>.size, MemoryLayout<Value>.stride)
    unsafe values.withUnsafeBytes { all in
      if size == stride { return unsafe bytes.append(contentsOf: all) }
      for start in Swift.stride(from: 0, to: all.count, by: stride) {
        unsafe append(all[start..<start + size])
      }
    }
  }

  /// Writes an array and its length.
  public mutating func values<Value: SnapshotValue>(_ values: inout [Value]) {
    var count = values.count
    value(&count)
    elements(&values)
  }

  /// Writes bytes without their length.
  public mutating func append(_ other: Span<UInt8>) {
    unsafe other.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  private mutating func append(_ part: Slice<UnsafeRawBufferPointer>) {
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: part))
  }
}

extension UInt64 {
  /// The first eight bytes of a part's name.
  init(snapshotSection name: StaticString) {
    self = 0
    for byte in "\(name)".utf8.prefix(8) { self = self << 8 | UInt64(byte) }
  }
}
