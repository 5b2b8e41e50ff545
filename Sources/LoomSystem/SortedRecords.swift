/// What a ``SortedSpool`` gives back at its end, one record after the other.
///
/// ```swift
/// var records = try spool.finish()
/// while try records.next() { try records.withRecord { … } }
/// ```
public struct SortedRecords: ~Copyable, Sendable {
  private let memory: SpoolMemory
  private var position = -1
  /// The runs that have records left, as a heap: the first has the earliest one.
  private var heap: [Head] = []
  private var isMerging: Bool
  private var hasStarted = false

  /// A run and the key of its current record; of equal ones the earlier run's arrived first.
  private struct Head {
    var time: Int64
    var order: UInt64
    let number: Int
    let reader: SpoolReader

    static func < (lhs: Head, rhs: Head) -> Bool {
      if lhs.time != rhs.time { return lhs.time < rhs.time }
      if lhs.order != rhs.order { return lhs.order < rhs.order }
      return lhs.number < rhs.number
    }
  }

  /// Either everything is in `memory`, sorted, or everything is in `runs`.
  init(
    memory: consuming SpoolMemory, runs: [SpoolRun], memoryLimitBytes: Int
  ) throws(SystemError) {
    isMerging = !runs.isEmpty
    // The runs take over the memory, which has nothing left in it.
    self.memory = isMerging ? SpoolMemory() : memory
    for (number, run) in runs.enumerated() {
      // Not so small that every record is a read.
      let blockBytes = min(max(memoryLimitBytes / runs.count, 4096), 1 << 20)
      let reader = SpoolReader(run, blockBytes: blockBytes)
      guard try reader.next() else { continue }
      heap.append(Head(time: reader.time, order: reader.order, number: number, reader: reader))
    }
    for index in heap.indices.reversed() { siftDown(index) }
  }

  /// Steps to the next record, the first one at the start; false after the last.
  ///
  /// - Complexity: O(log runs).
  public mutating func next() throws(SystemError) -> Bool {
    guard isMerging else {
      position += 1
      return position < memory.entries.count
    }
    if hasStarted { try advanceFirst() }
    hasStarted = true
    return !heap.isEmpty
  }

  /// The time of the current record.
  public var time: Int64 { isMerging ? heap[0].time : memory.entries[position].time }

  /// The order of the current record among those of its time.
  public var order: UInt64 { isMerging ? heap[0].order : memory.entries[position].order }

  /// Calls `body` with the bytes of the current record.
  public func withRecord<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if isMerging { return try heap[0].reader.withRecord(body) }
    return try memory.withRecord(memory.entries[position], body)
  }

  private mutating func advanceFirst() throws(SystemError) {
    let reader = heap[0].reader
    if try reader.next() {
      heap[0].time = reader.time
      heap[0].order = reader.order
    } else {
      heap.swapAt(0, heap.count - 1)
      heap.removeLast()
    }
    siftDown(0)
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child] < heap[first] { first = child }
      }
      if first == parent { return }
      heap.swapAt(parent, first)
      parent = first
    }
  }
}
