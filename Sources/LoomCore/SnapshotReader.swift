/// Reads states from bytes that a ``SnapshotWriter`` wrote.
public struct SnapshotReader: SnapshotCoder, Sendable {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// Creates a reader of these bytes, of all unless `range` says less.
  public init(_ bytes: [UInt8], range: Range<Int>? = nil) {
    self.bytes = bytes
    let range = range ?? bytes.indices
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "\(range)")
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// True.
  @inlinable
  public static var isReading: Bool { true }

  /// Bytes that were not read yet.
  public var remaining: Int { end - position }

  /// Reads where a part begins.
  public mutating func section(_ name: StaticString) throws(SnapshotError) {
    var tag: UInt64 = 0
    try value(&tag)
    if tag != UInt64(snapshotSection: name) { throw .damaged("no \(name) where it should be") }
  }

  /// Reads a value.
  public mutating func value<Value: SnapshotValue>(_ value: inout Value) throws(SnapshotError) {
    let start = try skip(MemoryLayout<Value>.size)
    value = unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: start, as: Value.self)
    }
  }

  /// Reads as many elements as there are.
  public mutating func elements<Value: SnapshotValue>(
    _ values: inout [Value]
  ) throws(SnapshotError) {
    let (size, stride, count) = (
      MemoryLayout<Value>.size, MemoryLayout<Value>.stride, values.count
    )
    let start = try skip(count * size)
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBytes { target in
        if size == stride {
          return unsafe target.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: source[start..<start + count * size]))
        }
        for index in 0..<count {
          let element = unsafe source.loadUnaligned(
            fromByteOffset: start + index * size, as: Value.self)
          unsafe target.storeBytes(of: element, toByteOffset: index * stride, as: Value.self)
        }
      }
    }
  }

  /// Reads an array of whatever length.
  public mutating func values<Value: SnapshotValue>(_ values: inout [Value]) throws(SnapshotError) {
    var count = 0
    try length(&count)
    let size = MemoryLayout<Value>.size
    if count > remaining / size { throw .truncated }
    if count == 0 { return values.removeAll() }
    let first = unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: position, as: Value.self)
    }
    values = Array(repeating: first, count: count)
    try elements(&values)
  }

  /// Reads a part with its length: a reader of that part alone.
  public mutating func part() throws(SnapshotError) -> SnapshotReader {
    var count = 0
    try length(&count)
    let start = try skip(count)
    return SnapshotReader(bytes, range: start..<start + count)
  }

  /// Refuses bytes that nobody asked for.
  public func finish() throws(SnapshotError) {
    if remaining > 0 { throw .damaged("\(remaining) bytes too many") }
  }

  private mutating func skip(_ count: Int) throws(SnapshotError) -> Int {
    if count > remaining { throw .truncated }
    let start = position
    position += count
    return start
  }
}
