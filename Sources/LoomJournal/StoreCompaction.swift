public import LoomSystem

/// Gives space that a store does not use back to the file system, in steps.
///
/// What uses it is moved as it is: no row, and no block, becomes another.
public enum StoreCompaction {
  /// What came of it.
  public struct Report: Sendable {
    /// The bytes of the file before and after.
    public internal(set) var bytes: (before: Int, after: Int)
    /// Bytes within it that nothing uses.
    public internal(set) var freeBytes: Int
    /// Whether another program is writing it, which gives space back with its batches.
    public internal(set) var isBeingWritten: Bool
  }

  /// Pages of a step: some milliseconds of work, and of log.
  private static let pagesPerStep = 256

  /// Gives all free space of the store at `path` back.
  ///
  /// Readers are not in the way and not held up. Where another program writes the store nothing is
  /// done here, as it does the same, a part with each batch.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - cancellation: Looked at after each step; what was done until then stays.
  ///   - onProgress: Is called after each step with the bytes that are given back, of all.
  /// - Returns: What was done.
  /// - Throws: ``JournalError``, among others where the store has no map of its pages.
  /// - Complexity: O(free pages).
  public static func compact(
    path: String, cancellation: Cancellation? = nil,
    onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(JournalError) -> Report {
    if StoreFile.isMissing(path) { throw .missing(path: path) }
    // Looked at first, as opening it to write would make another file of what is no store.
    try look(at: path)
    let database = try Database(path: path)
    try database.execute("PRAGMA busy_timeout = 200")
    try database.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 0")
    let before = StoreFile.size(path)
    let free = try freeBytes(of: database)
    var report = Report(bytes: (before, before), freeBytes: free, isBeingWritten: false)
    while report.freeBytes > 0, cancellation?.isRequested != true {
      do throws(JournalError) { try database.execute("BEGIN IMMEDIATE") } catch {
        guard error == .inUse(path: path) else { throw error }
        report.isBeingWritten = true
        break
      }
      try database.execute("PRAGMA incremental_vacuum(\(pagesPerStep))")
      try database.execute("COMMIT")
      // Else the log would become as large as what was moved.
      _ = try database.integer("PRAGMA wal_checkpoint(RESTART)")
      report.freeBytes = try freeBytes(of: database)
      onProgress(free - report.freeBytes, free)
    }
    if !report.isBeingWritten { _ = try database.integer("PRAGMA wal_checkpoint(TRUNCATE)") }
    report.bytes.after = StoreFile.size(path)
    return report
  }

  /// Throws unless it is a store that can give pages back.
  private static func look(at path: String) throws(JournalError) {
    do throws(JournalError) {
      let database = try Database.reading(path)
      if try database.integer("PRAGMA auto_vacuum") == 2 { return }
    } catch { throw error.whileReading }
    throw .hasNoMap(path: path)
  }

  private static func freeBytes(of database: borrowing Database) throws(JournalError) -> Int {
    try (database.integer("PRAGMA freelist_count") ?? 0) * StoreSchema.pageSize
  }
}
