internal import CSQLite
internal import Glibc

/// One connection to a SQLite file, for one thread at a time.
@safe
struct Database: ~Copyable, @unchecked Sendable {
  // Safe to send: the connection has one owner, this noncopyable value, and its statements are
  // kept beside it.
  let path: String
  let handle: OpaquePointer
  /// The file as it was when it was opened, where it is read without a lock.
  private let quiet: QuietFile?

  /// Opens `path`, which is made where it does not exist unless it is only to be read.
  init(path: String, isReadOnly: Bool = false) throws(JournalError) {
    let access = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    // A leading "./" keeps names such as ":memory:" from meaning something else.
    try self.init(path: path, name: path.hasPrefix("/") ? path : "./" + path, access)
  }

  /// Opens a file to be read in which nobody works, without a lock and without a trace.
  init(reading quiet: QuietFile) throws(JournalError) {
    try self.init(
      path: quiet.path, name: quiet.name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, quiet)
  }

  private init(
    path: String, name: String, _ access: Int32, _ quiet: QuietFile? = nil
  ) throws(JournalError) {
    var handle: OpaquePointer?
    let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(name, &handle, flags, nil)
    guard code == SQLITE_OK, let handle = unsafe handle else {
      let error = unsafe Self.error(code, on: handle, path: path)
      unsafe sqlite3_close_v2(handle)
      throw error
    }
    self.path = path
    unsafe self.handle = handle
    self.quiet = quiet
  }

  /// Throws where what was read may not be the file as it was at one moment: it was read without a
  /// lock, and somebody has begun to write it.
  func requireUndisturbed() throws(JournalError) {
    if let quiet, !quiet.isUnchanged {
      throw .unreadable(path: path, reason: "another program has begun to write it; try again")
    }
  }

  // Statements that are still alive keep the connection open until they go.
  deinit { unsafe sqlite3_close_v2(handle) }

  /// Runs one or more statements without results.
  func execute(_ sql: String) throws(JournalError) {
    try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// The first column of the first row; nil without a row.
  func integer(_ sql: String) throws(JournalError) -> Int? {
    var statement = try Statement(sql, on: self)
    return try statement.next(on: self) ? Int(statement.integer(0)) : nil
  }

  /// The first column of the first row; nil without a row.
  func text(_ sql: String) throws(JournalError) -> String? {
    var statement = try Statement(sql, on: self)
    return try statement.next(on: self) ? statement.text(0) : nil
  }

  /// Throws what a result code that is no success means.
  func check(_ code: Int32) throws(JournalError) {
    if code == SQLITE_OK { return }
    throw unsafe Self.error(code, on: handle, path: path)
  }

  /// What SQLite says of the last call that failed.
  var message: String {
    guard let text = unsafe sqlite3_errmsg(handle) else { return "" }
    return unsafe String(cString: text)
  }

  private static func error(
    _ code: Int32, on handle: OpaquePointer?, path: String
  ) -> JournalError {
    let lastCode = errno
    switch code & 0xFF {
    case SQLITE_NOTADB: return .notAStore(path: path)
    case SQLITE_BUSY, SQLITE_LOCKED: return .inUse(path: path)
    default: break
    }
    let text = unsafe handle.map { unsafe sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    let message = unsafe text.map { unsafe String(cString: $0) } ?? ""
    let systemCode = unsafe isSystem(code) ? handle.map { unsafe sqlite3_system_errno($0) } ?? 0 : 0
    return .failed(
      path: path, code: code, message: message,
      // SQLite forgets it when a COMMIT fails; but then a system call did, and nothing has since.
      systemCode: systemCode == 0 && code & 0xFF == SQLITE_IOERR ? lastCode : systemCode)
  }

  private static func isSystem(_ code: Int32) -> Bool {
    [SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_FULL].contains(code & 0xFF)
  }
}
