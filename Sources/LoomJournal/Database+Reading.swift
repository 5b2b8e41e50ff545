internal import LoomSystem

extension Database {
  /// Opens the store at `path` as it is at this moment, whatever is committed meanwhile.
  static func reading(_ path: String) throws(JournalError) -> Database {
    if StoreFile.isMissing(path) { throw .missing(path: path) }
    if FileSystem.kind(of: path) != .file { throw .unreadable(path: path, reason: "it is no file") }
    do throws(JournalError) {
      let database = try Database(path: path, isReadOnly: true)
      try database.execute("BEGIN")
      // The first look at the file is what fixes the moment.
      try StoreSchema.require(in: database)
      return database
    } catch {
      throw error.whileReading
    }
  }
}

extension JournalError {
  /// The same, told to someone who only reads.
  var whileReading: JournalError {
    switch self {
    case .failed(let path, _, let message, let systemCode):
      .unreadable(path: path, reason: Self.reason(message, systemCode))
    case .notAStore(let path):
      .unreadable(path: path, reason: "it is not a Tickloom store")
    default: self
    }
  }
}
