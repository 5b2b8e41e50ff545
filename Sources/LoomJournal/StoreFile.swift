internal import CSQLite
internal import Glibc
internal import LoomCore
internal import LoomSystem

/// Makes the file of a ``Store``, or says why not.
enum StoreFile {
  /// Opens `path` with a batch begun that has made the tables and recorded the run.
  static func create(
    path: String, isNew: Bool, _ configuration: StoreConfiguration, _ durability: Durability
  ) throws(JournalError) -> Database {
    if isNew { try requireFolder(of: path) }
    do throws(JournalError) {
      return try filled(path, configuration, durability)
    } catch {
      // Someone else may have made it in the meantime; then it is theirs.
      if isNew && error != .inUse(path: path) { remove(path) }
      throw error
    }
  }

  /// Opens the empty file of a store that is being recovered, with a batch begun that has made the
  /// tables and recorded the run.
  static func recovered(
    path: String, featureNames: [String], run: (timeframe: String, configuration: String)
  ) throws(JournalError) -> Database {
    let database = try Database(path: path)
    try database.execute(settings)
    try database.execute("BEGIN IMMEDIATE")
    try database.execute(StoreSchema.tables(featureNames: featureNames))
    var insert = try Statement("INSERT INTO run VALUES ('recovered',?,?)", on: database)
    insert.bind(run.timeframe, at: 1)
    insert.bind(run.configuration, at: 2)
    try insert.run(on: database)
    return database
  }

  static func isMissing(_ path: String) -> Bool {
    unsafe access(path, F_OK) != 0 && errno == ENOENT
  }

  /// How many bytes a file has; 0 where there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Removes a store and what SQLite keeps beside it.
  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unsafe unlink(path + suffix) }
  }

  /// Whether what refuses a file is damage to a store, not that it is something else.
  static func isDamagedStore(_ path: String, _ error: JournalError) -> Bool {
    switch error {
    case .newerStore:
      guard let database = try? Database(path: path, isReadOnly: true) else { return false }
      let digest = try? DigestedTable.schema.digest(of: database, format: StoreSchema.format)
      let expected = try? database.text("SELECT digest FROM digests WHERE kind = 'schema'")
      return digest != nil && digest?.value.description == expected
    case .notAStore, .failed:
      let head = PageFile(path: path)?.read(at: 0, count: StoreSchema.pageSize) ?? []
      let owner = head.dropFirst(68).prefix(4).reduce(0) { $0 << 8 | Int($1) }
      // Our number, the text of our tables, or a block: one of them survives much.
      return owner == StoreSchema.applicationID || head.contains(Array("first_group_seq".utf8))
        || RawPages(path: path).hasBlock
    default: return false
    }
  }

  /// Says itself what is wrong with the folder of a new file: SQLite only says "unable to open".
  private static func requireFolder(of path: String) throws(JournalError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard unsafe access(folder, W_OK | X_OK) != 0 else { return }
    throw .failed(path: path, code: SQLITE_CANTOPEN, message: "", systemCode: errno)
  }

  private static func filled(
    _ path: String, _ configuration: StoreConfiguration, _ durability: Durability
  ) throws(JournalError) -> Database {
    let database = try Database(path: path)
    try refuseContents(of: database)
    try database.execute(settings)
    // In a log, NORMAL writes each commit and FULL also waits for the disk to have it.
    try database.execute("PRAGMA synchronous = \(durability == .disk ? "FULL" : "NORMAL")")
    try database.execute("BEGIN IMMEDIATE")
    // Another program may have begun a run since the first look.
    try refuseContents(of: database)
    try database.execute(StoreSchema.tables(featureNames: configuration.featureNames))
    var insert = try Statement("INSERT INTO run VALUES ('running',?,?)", on: database)
    insert.bind(configuration.timeframe.description, at: 1)
    insert.bind(configuration.text, at: 2)
    try insert.run(on: database)
    // Whoever only looks at the store, as above, is gone in a moment.
    try database.execute(patience)
    return database
  }

  /// `Store` makes the checkpoints itself.
  ///
  /// A crash of the program loses nothing of a batch, one of the machine the last ones at most, and
  /// those whole.
  private static let settings = """
    PRAGMA page_size = \(StoreSchema.pageSize);
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = 0;
    """

  static let patience = "PRAGMA busy_timeout = 10000"

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
    let state = try database.text("SELECT state FROM run")
    if state == "finished" || state == "recovered" { throw .holdsRun(path: path) }
    // The writer of a run holds the lock all the time, so this is refused while it lives.
    try database.execute("BEGIN IMMEDIATE; ROLLBACK")
    throw .holdsUnfinishedRun(path: path)
  }
}
