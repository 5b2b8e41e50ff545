internal import CSQLite
public import LoomSystem

/// Copies a store, also while it is being written: all of it as it is at one moment.
public enum StoreBackup {
  /// What it is at.
  public enum Step: Sendable {
    /// So many bytes of all are copied.
    case copying(done: Int, total: Int)
    /// The copy is being verified.
    case verifying(StoreVerifier.Progress)
  }

  private static let pagesPerStep: Int32 = 64

  /// Copies the store at `path` to `target`, which must not exist, and verifies the copy.
  ///
  /// It has its name only once it is complete, verified and on the disk; where that fails, nothing
  /// is left of it.
  ///
  /// - Parameters:
  ///   - path: The store.
  ///   - target: The copy.
  ///   - cancellation: Ends it with ``JournalError/cancelled``.
  ///   - onProgress: Is called now and then.
  /// - Returns: What was found in the copy; where that is not sound, there is none.
  /// - Throws: ``JournalError`` where one of the two cannot be read or written.
  public static func copy(
    path: String, to target: String, cancellation: Cancellation? = nil,
    onProgress: (Step) -> Void = { _ in }
  ) throws(JournalError) -> StoreVerification {
    let partial = try PartialStore(path: target)
    do throws(JournalError) {
      try copyPages(path, to: partial.temporaryPath, cancellation, onProgress)
    } catch {
      throw told(error, of: target, not: partial.temporaryPath)
    }
    let report = try StoreVerifier.verify(
      path: partial.temporaryPath, cancellation: cancellation
    ) { onProgress(.verifying($0)) }
    if report.isSound { try partial.finish() }
    return report
  }

  /// The name that was asked for, in place of that which nobody knows.
  private static func told(
    _ error: JournalError, of target: String, not temporary: String
  ) -> JournalError {
    guard case .failed(temporary, let code, let message, let systemCode) = error else {
      return error
    }
    return .failed(path: target, code: code, message: message, systemCode: systemCode)
  }

  private static func copyPages(
    _ path: String, to temporary: String, _ cancellation: Cancellation?,
    _ onProgress: (Step) -> Void
  ) throws(JournalError) {
    let source: Database
    do throws(JournalError) { source = try Database.reading(path) } catch {
      throw error.whileReading
    }
    let target = try Database(path: temporary)
    // A copy that is cut short is thrown away, and a whole one is put on the disk at the end.
    try target.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
    // The source is read within one transaction, so that no commit makes the copy begin again.
    guard let backup = unsafe sqlite3_backup_init(target.handle, "main", source.handle, "main")
    else { return try target.check(unsafe sqlite3_errcode(target.handle)) }
    var code = SQLITE_OK
    while code == SQLITE_OK, cancellation?.isRequested != true {
      code = unsafe sqlite3_backup_step(backup, pagesPerStep)
      let total = unsafe Int(sqlite3_backup_pagecount(backup)) * StoreSchema.pageSize
      let rest = unsafe Int(sqlite3_backup_remaining(backup)) * StoreSchema.pageSize
      onProgress(.copying(done: total - rest, total: total))
    }
    let end = unsafe sqlite3_backup_finish(backup)
    if code == SQLITE_OK { throw .cancelled }
    try source.requireUndisturbed()
    try target.check(end)
  }
}
