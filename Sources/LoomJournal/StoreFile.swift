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
  /// tables and recorded the run; without a map of its pages as older ones are, where that is asked for.
  static func recovered(
    path: String, featureNames: [String], run: (timeframe: String, configuration: String),
    hasMap: Bool = true
  ) throws(JournalError) -> Database {
    let database = try Database(path: path)
    if !hasMap { try database.execute(pages) }
    try database.execute(hasMap ? settings : log)
    try database.execute("BEGIN IMMEDIATE")
    try database.execute(StoreSchema.tables(featureNames: featureNames))
    var insert = try Statement("INSERT INTO run VALUES ('recovered',?,?)", on: database)
    insert.bind(run.timeframe, at: 1)
    insert.bind(run.configuration, at: 2)
    try insert.run(on: database)
    return database
  }

  /// In a log, NORMAL writes each commit and FULL also waits for the disk to have it.
  private static func synchronous(_ durability: Durability) -> String {
    "PRAGMA synchronous = \(durability == .disk ? "FULL" : "NORMAL")"
  }

  /// Opens the store that `resumption` looked at, with a batch begun that has dropped what does not
  /// count.
  ///
  /// `isPart` says whether that is told in the manifest.
  static func resume(
    _ resumption: StoreResumption, _ configuration: StoreConfiguration, _ durability: Durability,
    isPart: Bool
  ) throws(JournalError) -> Database {
    let path = resumption.path
    if isMissing(path) { throw .missing(path: path) }
    let database = try Database(path: path)
    // After a crash others may look at the log first, which takes them a moment.
    try database.execute("PRAGMA busy_timeout = 1000")
    try StoreMigration.require(in: database)
    try database.execute(settings)
    try database.execute(synchronous(durability))
    // What is there is said to be kept from now on, whatever was waited for when it was written, and
    // also where a wait for the disk has failed since: in the file, that is made good.
    try database.execute("PRAGMA wal_checkpoint(PASSIVE)")
    // The writer of a run holds the lock all the time, so this is refused while it lives.
    try database.execute("BEGIN IMMEDIATE")
    _ = try StoreMigration.migrate(database)
    try requireSame(resumption, configuration, in: database)
    try drop(behind: resumption, in: database)
    try database.execute("UPDATE run SET state = 'running'")
    if isPart {
      try insertManifest(configuration, first: resumption.lastSequence + 1, on: database)
    }
    try database.execute(patience)
    return database
  }

  /// Throws unless the store holds the run of that configuration, as it was looked at.
  private static func requireSame(
    _ resumption: StoreResumption, _ configuration: StoreConfiguration,
    in database: borrowing Database
  ) throws(JournalError) {
    let path = resumption.path
    let end = try StoreEnd(of: database)
    // Whoever has gone on in it since then was first.
    let parts = try database.integer("SELECT max(number) FROM manifest") ?? 0
    if end.sequence != resumption.lastSequence || parts != resumption.lastPart {
      throw .inUse(path: path)
    }
    let kept = try database.text("SELECT configuration FROM run") ?? ""
    if kept != configuration.text {
      let there = kept.split(separator: ";")
      let asked = configuration.text.split(separator: ";")
      throw .otherRun(
        path: path, kept: there.filter { !asked.contains($0) }.joined(separator: ", "),
        asked: asked.filter { !there.contains($0) }.joined(separator: ", "))
    }
    let names = try Array(database.columns("features").dropFirst(2))
    if names != configuration.featureNames {
      throw .otherRun(
        path: path, kept: "\(names.count) features",
        asked: "\(configuration.featureNames.count), or others")
    }
  }

  /// Drops damaged inputs at the end, and results that are made anew.
  private static func drop(
    behind point: StoreResumption, in database: borrowing Database
  ) throws(JournalError) {
    let last = Int64(bitPattern: point.lastSequence)
    let snapshot = Int64(bitPattern: point.snapshot?.sequence ?? 0)
    try database.execute(
      """
      DELETE FROM blocks WHERE id > \(point.lastBlock);
      DELETE FROM clock_events WHERE after_seq > \(last);
      DELETE FROM changes WHERE after_seq > \(last);
      DELETE FROM gaps WHERE first_seq > \(last);
      DELETE FROM snapshots WHERE seq > \(snapshot);
      DELETE FROM rejects WHERE seq > \(snapshot);
      DELETE FROM bars WHERE rowid > \(point.bars);
      DELETE FROM features WHERE rowid > \(point.features);
      DELETE FROM versions WHERE number > \(point.versions);
      DELETE FROM matrices WHERE version > \(point.versions);
      """)
    // How many rows were read for the inputs that count is not known.
    if point.cut != nil { try database.execute("DELETE FROM positions; DELETE FROM counters") }
    // All of them are made anew, the first ones, too.
    if point.snapshot == nil { try database.execute("DELETE FROM retained") }
  }

  private static func insertManifest(
    _ configuration: StoreConfiguration, first: UInt64, on database: borrowing Database
  ) throws(JournalError) {
    let manifest = configuration.manifest
    var hasher = Hasher128()
    hasher.update(configuration.text.utf8Span.span)
    var insert = try Statement("INSERT INTO manifest VALUES (NULL,?,?,?,?,?,?,?)", on: database)
    insert.bind(manifest.started.nanoseconds, at: 1)
    insert.bind(Int64(bitPattern: first), at: 2)
    insert.bind(manifest.program, at: 3)
    insert.bind(hasher.digest().description, at: 4)
    insert.bind(manifest.processor, at: 5)
    insert.bind(manifest.linearAlgebra, at: 6)
    insert.bind(manifest.inputs, at: 7)
    try insert.run(on: database)
  }

  static func isMissing(_ path: String) -> Bool {
    unsafe access(path, F_OK) != 0 && errno == ENOENT
  }

  /// How many bytes a file has; 0 where there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether nothing is at `path` yet: no file, an empty one, or what a crash has left of one that was
  /// being made.
  static func isNothing(_ path: String) -> Bool {
    if size(path) == 0 { return true }
    // Opened to be written: what is there of a first transaction is taken back.
    guard let database = try? Database(path: path) else { return false }
    return (try? database.integer("PRAGMA application_id")) == 0
      && (try? database.integer("SELECT count(*) FROM sqlite_schema")) == 0
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
    try database.execute(synchronous(durability))
    try database.execute("BEGIN IMMEDIATE")
    // Another program may have begun a run since the first look.
    try refuseContents(of: database)
    try database.execute(StoreSchema.tables(featureNames: configuration.featureNames))
    var insert = try Statement("INSERT INTO run VALUES ('running',?,?)", on: database)
    insert.bind(configuration.timeframe.description, at: 1)
    insert.bind(configuration.text, at: 2)
    try insert.run(on: database)
    try insertManifest(configuration, first: 1, on: database)
    var digests = try DigestWriter(on: database)
    for table in DigestedTable.allCases where table.rowsPerDigest == nil {
      try digests.rewrite(table, on: database)
    }
    // Of a store that is all in its log a power cut may leave none.
    try database.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE")
    // Whoever only looks at the store, as above, is gone in a moment.
    try database.execute(patience)
    return database
  }

  /// `Store` makes the checkpoints itself.
  ///
  /// A crash of the program loses nothing of a batch, one of the machine the last ones at most, and
  /// those whole.
  private static let log = """
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = 0;
    """

  private static let pages = "PRAGMA page_size = \(StoreSchema.pageSize);"

  /// Without the map that this makes of the pages, none could be given back in steps.
  private static let settings = "\(pages) PRAGMA auto_vacuum = INCREMENTAL; \(log)"

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
