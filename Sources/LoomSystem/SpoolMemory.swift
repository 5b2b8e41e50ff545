internal import Glibc

/// Records in memory: their bytes in one piece, and one entry each to sort by.
@safe
struct SpoolMemory: ~Copyable, @unchecked Sendable {
  // Safe to send: the memory has one owner, this noncopyable value.
  private var base: UnsafeMutableRawPointer
  private var capacity = 4096
  private var used = 0
  private(set) var entries: [Entry] = []
  private var ready: [Entry] = []
  /// The earliest time in it; `Int64.max` while it is empty.
  private(set) var earliest = Int64.max

  /// Where a record lies and what it is ordered by.
  struct Entry: Comparable, BitwiseCopyable {
    let time: Int64
    let order: UInt64
    /// Rises with arrival, so it also settles ties.
    var offset: Int
    let length: Int

    static func < (lhs: Entry, rhs: Entry) -> Bool {
      if lhs.time != rhs.time { return lhs.time < rhs.time }
      if lhs.order != rhs.order { return lhs.order < rhs.order }
      return lhs.offset < rhs.offset
    }
  }

  init() { unsafe base = Self.resized(nil, to: capacity) }

  deinit { unsafe free(base) }

  /// Bytes taken by the records, their entries and the room to sort those.
  var byteCount: Int { used + entries.count * (MemoryLayout<Entry>.stride * 3 / 2) }

  mutating func append(time: Int64, order: UInt64, _ record: Span<UInt8>) {
    let length = record.count
    if used + length > capacity { grow(length) }
    unsafe record.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe (base + used).copyMemory(from: start, byteCount: length)
    }
    entries.append(Entry(time: time, order: order, offset: used, length: length))
    used += length
    earliest = min(earliest, time)
  }

  func withRecord<Result: ~Copyable, Failure: Error>(
    _ entry: Entry, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: base + entry.offset, count: entry.length)
    return try unsafe body(Span(_unsafeBytes: bytes))
  }

  mutating func sort() {
    if !entries.indices.dropFirst().allSatisfy({ entries[$0 - 1] < entries[$0] }) { entries.sort() }
  }

  /// Gives away the records earlier than `frontier` in order and keeps the rest.
  mutating func removeAll<Failure: Error>(
    below frontier: Int64, _ body: (Int64, UInt64, Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    takeReady(below: frontier)
    for entry in ready {
      try withRecord(entry) { (bytes) throws(Failure) in try body(entry.time, entry.order, bytes) }
    }
    ready.removeAll(keepingCapacity: true)
    closeGaps()
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    used = 0
    earliest = .max
  }

  /// Moves the entries earlier than `frontier` to `ready`, sorted; the rest stays as it arrived.
  private mutating func takeReady(below frontier: Int64) {
    var kept = 0
    var isSorted = true
    for index in entries.indices {
      let entry = entries[index]
      if entry.time >= frontier {
        entries[kept] = entry
        kept += 1
      } else {
        if let last = ready.last, entry < last { isSorted = false }
        ready.append(entry)
      }
    }
    entries.removeLast(entries.count - kept)
    if !isSorted { ready.sort() }
  }

  /// Moves the records that are left to the front; they lie in the order of their entries.
  private mutating func closeGaps() {
    used = 0
    earliest = .max
    for index in entries.indices {
      let entry = entries[index]
      unsafe (base + used).copyMemory(from: base + entry.offset, byteCount: entry.length)
      entries[index].offset = used
      used += entry.length
      earliest = min(earliest, entry.time)
    }
  }

  @inline(never)
  private mutating func grow(_ additional: Int) {
    capacity = max(capacity * 2, used + additional)
    unsafe base = Self.resized(base, to: capacity)
  }

  /// The system moves large pieces by moving their pages, so growing never takes the memory twice.
  private static func resized(
    _ memory: UnsafeMutableRawPointer?, to capacity: Int
  ) -> UnsafeMutableRawPointer {
    guard let resized = unsafe realloc(memory, capacity) else {
      preconditionFailure("no memory for \(capacity) bytes of records")
    }
    return unsafe resized
  }
}
