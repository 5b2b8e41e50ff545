internal import CLoomCore

/// A lock-free queue of plain records from one thread to another, of fixed capacity.
///
/// As ``Ring``, for whatever travels between the stages in batches.
@frozen
public struct RecordRing<Record: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
  /// The writing end.
  public var producer: RecordProducer<Record>
  /// The reading end.
  public var consumer: RecordConsumer<Record>

  /// Creates an empty ring of 384 bytes and the strides of `capacity` records.
  ///
  /// - Parameter capacity: Most records held at once; a power of two, at most 2³¹. A record has at
  ///   most 4,096 bytes.
  /// - Throws: ``CoreError``.
  public init(capacity: Int) throws(CoreError) {
    let storage = try RingStorage(capacity: capacity, recordSize: MemoryLayout<Record>.stride)
    producer = RecordProducer(storage: storage)
    consumer = RecordConsumer(storage: storage)
  }
}

/// The writing end of a ``RecordRing``.
public struct RecordProducer<Record: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
  private let storage: RingStorage

  fileprivate init(storage: RingStorage) { self.storage = storage }

  /// Copies in as many of `records` as fit, oldest first, and returns how many.
  ///
  /// - Complexity: O(`records.count`), no allocation, wait-free.
  public mutating func push(_ records: Span<Record>) -> Int {
    let count = UInt32(clamping: records.count)
    return unsafe records.withUnsafeBytes { bytes in
      Int(unsafe loom_ring_push(storage.handle, bytes.baseAddress, count))
    }
  }

  /// At most this many records are in the ring; the consumer may have taken some since.
  public var count: Int { storage.count }
}

/// The reading end of a ``RecordRing``.
public struct RecordConsumer<Record: BitwiseCopyable & Sendable>: ~Copyable, Sendable {
  private let storage: RingStorage

  fileprivate init(storage: RingStorage) { self.storage = storage }

  /// Moves out as many records as there are and fit into `records`, oldest first; returns how many.
  ///
  /// - Complexity: O(the result), no allocation, wait-free.
  public mutating func pop(into records: inout MutableSpan<Record>) -> Int {
    let count = UInt32(clamping: records.count)
    return unsafe records.withUnsafeMutableBytes { bytes in
      Int(unsafe loom_ring_pop(storage.handle, bytes.baseAddress, count))
    }
  }

  /// Moves at most `count` records, oldest first, behind those of `records`; returns how many.
  ///
  /// - Complexity: O(`count`), wait-free; no allocation where `records` has the capacity.
  public mutating func pop(appendingTo records: inout [Record], atMost count: Int) -> Int {
    var taken = 0
    records.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { room, initialized in
        let bytes = UnsafeMutableRawPointer(room.baseAddress)
        taken = Int(unsafe loom_ring_pop(storage.handle, bytes, UInt32(clamping: count)))
        initialized = taken
      }
    }
    return taken
  }

  /// At least this many records are in the ring; the producer may have added some since.
  public var count: Int { storage.count }
}
