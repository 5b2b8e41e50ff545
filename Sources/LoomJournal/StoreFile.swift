internal import Glibc
internal import LoomCore

/// Makes the file of a ``Store``, or says why not.
enum StoreFile {
  /// Opens `path` with a batch begun that has made the tables and recorded the run.
  static func create(
    path: String, isNew: Bool, _ configuration: StoreConfiguration
  ) throws(JournalError) -> Database {
    do throws(JournalError) {
      return try filled(path, configuration)
    } catch {
      // Someone else may have made it in the meantime; then it is theirs.
      if isNew && error != .inUse(path: path) { remove(path) }
      throw error
    }
  }

  static func isMissing(_ path: String) -> Bool {
    unsafe access(path, F_OK) != 0 && errno == ENOENT
  }

  /// Removes a store and what SQLite keeps beside it.
  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unsafe unlink(path + suffix) }
  }

  private static func filled(
    _ path: String, _ configuration: StoreConfiguration
  ) throws(JournalError) -> Database {
    let database = try Database(path: path)
    try refuseContents(of: database)
    try database.execute(settings)
    try database.execute("BEGIN IMMEDIATE")
    // Another program may have begun a run since the first look.
    try refuseContents(of: database)
    try database.execute(StoreSchema.tables(featureNames: configuration.featureNames))
    var insert = try Statement("INSERT INTO run VALUES ('running',?,?)", on: database)
    insert.bind(configuration.timeframe.description, at: 1)
    insert.bind(configuration.text, at: 2)
    try insert.run(on: database)
    return database
  }

  /// Large pages and few checkpoints suit rows that are only ever appended; a crash of the program
  /// loses nothing of a batch, one of the machine at most the last ones, whole.
  private static let settings = """
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 1024;
    PRAGMA journal_size_limit = 0;
    """

  /// Throws unless the file is empty.
  private static func refuseContents(of database: borrowing Database) throws(JournalError) {
    let path = database.path
    let owner = try database.integer("PRAGMA application_id") ?? 0
    if owner != StoreSchema.applicationID {
      let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
      if owner == 0 && isEmpty { return }
      throw .notAStore(path: path)
    }
    let format = try database.integer("PRAGMA user_version") ?? 0
    if format > StoreSchema.format { throw .newerStore(path: path, format: format) }
    if try database.text("SELECT state FROM run") == "finished" { throw .holdsRun(path: path) }
    // The writer of a run always has a batch open, so this is refused while it lives.
    try database.execute("BEGIN IMMEDIATE; ROLLBACK")
    throw .holdsUnfinishedRun(path: path)
  }
}
