internal import Glibc

/// Takes byte records in any order and gives them back by time, then order, then arrival.
///
/// Records that come nearly in order leave through ``drain(below:_:)`` and never touch the disk.
/// Beyond its bound on memory, sorted runs go to one temporary file without a name, and
/// ``finish()`` merges them.
public struct SortedSpool: ~Copyable, Sendable {
  private var memory = SpoolMemory()
  private var file: TemporaryFile?
  private var runs: [SpoolRun] = []
  private let memoryLimitBytes: Int
  private let folder: String
  private var frontier = Int64.min
  private var drainThreshold = 0

  /// Creates an empty spool.
  ///
  /// - Parameters:
  ///   - memoryLimitBytes: Most bytes of records, and what sorting them takes, held in memory; a
  ///     record larger than that is held alone.
  ///   - temporaryFolder: Where the temporary file is made.
  public init(memoryLimitBytes: Int = 64 << 20, temporaryFolder: String = "/tmp") {
    self.memoryLimitBytes = memoryLimitBytes
    folder = temporaryFolder
  }

  /// Takes a record.
  ///
  /// - Parameters:
  ///   - time: What it is ordered by first; not below the last frontier of ``drain(below:_:)``.
  ///   - order: What it is ordered by where times are equal.
  ///   - record: Its bytes, less than 4 GiB.
  /// - Throws: ``SystemError`` where the temporary file cannot be written.
  /// - Complexity: Amortised O(record) in memory; O(log n) more per record to sort.
  public mutating func append(
    time: Int64, order: UInt64, _ record: Span<UInt8>
  ) throws(SystemError) {
    precondition(time >= frontier, "a record of \(time) after everything below \(frontier) left")
    if memory.byteCount + record.count > memoryLimitBytes { try spill() }
    memory.append(time: time, order: order, record)
  }

  /// Takes the bytes of `record`.
  public mutating func append(
    time: Int64, order: UInt64, _ record: borrowing TextBuffer
  ) throws(SystemError) {
    try record.withBytes { (bytes) throws(SystemError) in
      try append(time: time, order: order, bytes)
    }
  }

  /// Gives away in order the records earlier than `frontier`; no earlier one may follow.
  ///
  /// It may keep records until enough have come together to be worth sorting, and keeps all once
  /// the temporary file is in use; ``finish()`` gives the rest. A failure of `body` loses records.
  ///
  /// - Complexity: Amortised O(log n) per record, however often it is called.
  public mutating func drain<Failure: Error>(
    below frontier: Int64,
    _ body: (_ time: Int64, _ order: UInt64, _ record: Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    self.frontier = max(self.frontier, frontier)
    guard runs.isEmpty, memory.earliest < frontier, memory.entries.count >= drainThreshold
    else { return }
    try memory.removeAll(below: frontier, body)
    // What has to stay is looked at again only when as much has come on top.
    drainThreshold = memory.entries.count * 2 + 64
  }

  /// Gives the records that are left, in order.
  public consuming func finish() throws(SystemError) -> SortedRecords {
    if !runs.isEmpty { try spill() }
    memory.sort()
    return try SortedRecords(memory: memory, runs: runs, memoryLimitBytes: memoryLimitBytes)
  }

  /// Moves what is in memory to the temporary file, as one more sorted run.
  private mutating func spill() throws(SystemError) {
    if memory.entries.isEmpty { return }
    memory.sort()
    let file = try temporaryFile()
    runs.append(try SpoolRun(memory, appendedTo: file, at: runs.last?.range.upperBound ?? 0))
    memory.removeAll()
  }

  private mutating func temporaryFile() throws(SystemError) -> TemporaryFile {
    if let file { return file }
    let made = try TemporaryFile(in: folder)
    file = made
    return made
  }
}
