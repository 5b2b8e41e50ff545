internal import CSQLite
internal import LoomSystem

extension Database {
  /// Opens the store at `path` as it is at this moment, whatever is committed meanwhile.
  ///
  /// A lock is taken where somebody is at work, or `takesLock` says so.
  static func reading(
    _ path: String, takesLock: Bool = false
  ) throws(JournalError) -> Database {
    if StoreFile.isMissing(path) { throw .missing(path: path) }
    if FileSystem.kind(of: path) != .file { throw .unreadable(path: path, reason: "it is no file") }
    let database = try opened(path, takesLock: takesLock)
    try database.execute("BEGIN")
    // The first look at the file is what fixes the moment.
    try StoreSchema.require(in: database)
    return database
  }

  /// Opens the file at `path` to be read, and leaves no trace of that where nobody is at work.
  ///
  /// - Throws: ``JournalError``; a file that is damaged is opened nevertheless.
  static func opened(
    _ path: String, takesLock: Bool = false
  ) throws(JournalError) -> Database {
    if !takesLock, let quiet = QuietFile(path: path) {
      let database = try Database(reading: quiet)
      // Who has come in between has made the files of a log.
      if QuietFile(path: path) == quiet { return database }
    }
    let database = try Database(path: path, isReadOnly: true)
    // The first who reads the log of a killed run has it for himself, as long as he makes its index.
    try database.execute("PRAGMA busy_timeout = 5000")
    do throws(JournalError) { _ = try database.integer("PRAGMA user_version") } catch {
      guard error.isNotOpened else { return database }
      guard let left = QuietFile(leftAt: path) else {
        let reason = "its log needs a folder that can be written to; copy it and its -wal to one"
        throw .unreadable(path: path, reason: reason)
      }
      return try Database(reading: left)
    }
    return database
  }
}

extension Database {
  /// What a recovered store lacks.
  func gaps() throws(JournalError) -> [StoreGap] {
    var rows = try Statement(
      "SELECT first_seq, last_seq, missing FROM gaps ORDER BY first_seq", on: self)
    var gaps: [StoreGap] = []
    while try rows.next(on: self) {
      let (first, last) = (UInt64(bitPattern: rows.integer(0)), UInt64(bitPattern: rows.integer(1)))
      gaps.append(StoreGap(sequences: first...max(first, last), missing: Int(rows.integer(2))))
    }
    return gaps
  }
}

extension JournalError {
  /// What is wrong, as a part of a sentence.
  var reason: String {
    switch self {
    case .failed(_, _, let message, let systemCode): Self.reason(message, systemCode)
    case .notAStore: "its head is damaged"
    case .newerStore(_, let format): "its head is damaged: it tells format \(format)"
    case .unreadable(_, let reason), .damaged(_, _, let reason): reason
    default: description
    }
  }

  /// Whether a file, or one that belongs to it, cannot be opened or made.
  fileprivate var isNotOpened: Bool {
    guard case .failed(_, let code, _, _) = self else { return false }
    return code & 0xFF == SQLITE_CANTOPEN || code & 0xFF == SQLITE_READONLY
  }

  /// Whether a row breaks a rule of its table.
  var isConstraint: Bool {
    guard case .failed(_, let code, _, _) = self else { return false }
    return code & 0xFF == SQLITE_CONSTRAINT || code & 0xFF == SQLITE_MISMATCH
  }

  /// The same, told to someone who only reads.
  var whileReading: JournalError {
    switch self {
    case .failed(let path, _, let message, let systemCode):
      .unreadable(path: path, reason: Self.reason(message, systemCode))
    case .notAStore(let path):
      .unreadable(
        path: path, reason: "it is not a Tickloom store; name one, as run --store makes it")
    default: self
    }
  }
}
