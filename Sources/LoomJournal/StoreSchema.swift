internal import CLoomJournal

/// The tables of a ``Store`` as SQL.
enum StoreSchema {
  /// "Loom", so that `file` and we can tell whose it is.
  static let applicationID = Int(LOOM_STORE_APPLICATION)
  /// Rises whenever a table changes; kept where the extension of SQLite finds it, too.
  static let format = Int(LOOM_STORE_FORMAT)
  /// Bytes of a page: large ones suit rows that are only ever appended.
  static let pageSize = 16_384

  /// Throws unless the file is one of ours, and no newer.
  static func require(in database: borrowing Database) throws(JournalError) {
    guard try database.integer("PRAGMA application_id") == applicationID else {
      throw .notAStore(path: database.path)
    }
    let found = try database.integer("PRAGMA user_version") ?? 0
    if found > format { throw .newerStore(path: database.path, format: found) }
  }

  /// Throws unless the file is one of ours that keeps its inputs.
  static func requireInputs(in database: borrowing Database) throws(JournalError) {
    try require(in: database)
    if try database.integer("PRAGMA user_version") ?? 0 < 2 {
      throw .holdsNoInputs(path: database.path)
    }
  }

  static func tables(featureNames: [String]) -> String {
    let features = featureNames.map { ", \(quoted($0)) REAL" }.joined()
    return """
      PRAGMA application_id = \(applicationID);
      PRAGMA user_version = \(format);
      CREATE TABLE run (
        state TEXT NOT NULL,
        timeframe TEXT NOT NULL,
        configuration TEXT NOT NULL
      );
      CREATE TABLE symbols (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      CREATE TABLE sources (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE bars (
        start_ns INTEGER NOT NULL, symbol INTEGER NOT NULL,
        open REAL, high REAL, low REAL, close REAL, volume REAL,
        log_return_1 REAL, spread_estimate REAL,
        is_outlier INTEGER NOT NULL, valid_bar INTEGER NOT NULL,
        source INTEGER NOT NULL, tick_count INTEGER NOT NULL, vwap REAL,
        gap_slots INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        revision INTEGER NOT NULL
      );
      CREATE TABLE features (start_ns INTEGER NOT NULL, symbol INTEGER NOT NULL\(features));
      CREATE TABLE versions (
        number INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, hash TEXT NOT NULL
      );
      CREATE TABLE matrices (
        version INTEGER PRIMARY KEY, symbols BLOB NOT NULL,
        correlation BLOB NOT NULL, n_eff BLOB NOT NULL
      );
      CREATE TABLE blocks (
        id INTEGER PRIMARY KEY, first_group_seq INTEGER NOT NULL,
        first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        first_time_ns INTEGER NOT NULL, last_time_ns INTEGER NOT NULL,
        first_symbol INTEGER NOT NULL, last_symbol INTEGER NOT NULL,
        count INTEGER NOT NULL, block BLOB NOT NULL
      );
      CREATE INDEX blocks_by_time
        ON blocks (last_time_ns, first_time_ns, first_symbol, last_symbol);
      CREATE INDEX blocks_by_seq ON blocks (last_seq, first_seq);
      CREATE TABLE clock_events (after_seq INTEGER NOT NULL, time_ns INTEGER NOT NULL);
      CREATE TABLE rejects (seq INTEGER PRIMARY KEY, reason INTEGER NOT NULL);
      CREATE TABLE gaps (
        first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, missing INTEGER NOT NULL
      );
      \(resumable);
      CREATE TABLE digests (
        kind TEXT NOT NULL, first_row INTEGER NOT NULL, last_row INTEGER NOT NULL,
        count INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (kind, first_row)
      ) WITHOUT ROWID;
      CREATE VIEW bars_text AS
        SELECT \(time("start_ns")) AS timestamp_utc, symbols.name AS symbol, run.timeframe,
          open, high, low, close, volume, log_return_1, spread_estimate,
          0 AS is_missing, is_outlier, valid_bar, sources.name AS source_id,
          1 AS schema_version, tick_count, vwap, gap_slots, first_seq, last_seq, revision
        FROM bars JOIN symbols ON symbols.id = bars.symbol
          LEFT JOIN sources ON sources.id = bars.source JOIN run;
      CREATE VIEW features_text AS
        SELECT \(time("start_ns")) AS timestamp_utc, symbols.name AS symbol\
      \(featureNames.map { ", \(quoted($0))" }.joined())
        FROM features JOIN symbols ON symbols.id = features.symbol;
      CREATE VIEW versions_text AS
        SELECT \(time("time_ns")) AS timestamp_utc, number AS version, hash FROM versions;
      """
  }

  /// What format 4 has brought: what a run needs to go on, and what made it.
  static let resumable = """
    CREATE TABLE manifest (
      number INTEGER PRIMARY KEY, started_ns INTEGER NOT NULL, first_seq INTEGER NOT NULL,
      program TEXT NOT NULL, configuration_hash TEXT NOT NULL, processor TEXT NOT NULL,
      blas TEXT NOT NULL, inputs TEXT NOT NULL
    );
    CREATE TABLE positions (
      source INTEGER PRIMARY KEY, rows INTEGER NOT NULL, line INTEGER NOT NULL
    );
    CREATE TABLE counters (
      source INTEGER NOT NULL, symbol INTEGER NOT NULL, reason INTEGER NOT NULL,
      count INTEGER NOT NULL, UNIQUE (source, symbol, reason)
    );
    CREATE TABLE changes (after_seq INTEGER NOT NULL, kind TEXT NOT NULL, id INTEGER NOT NULL);
    CREATE TABLE snapshots (
      seq INTEGER PRIMARY KEY, bars INTEGER NOT NULL, features INTEGER NOT NULL,
      versions INTEGER NOT NULL, clock_events INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      state BLOB NOT NULL
    );
    CREATE TABLE retained (
      kind TEXT PRIMARY KEY, last_row INTEGER NOT NULL, last_seq INTEGER NOT NULL
    )
    """

  /// A name as an SQL identifier, whatever characters it holds.
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Nanoseconds as ISO 8601 with nine digits; SQLite's division rounds towards zero.
  private static func time(_ column: String) -> String {
    let second = "((\(column) - ((\(column) % 1000000000 + 1000000000) % 1000000000)) / 1000000000)"
    return """
      strftime('%Y-%m-%dT%H:%M:%S', \(second), 'unixepoch') || printf('.%09dZ', \
      (\(column) % 1000000000 + 1000000000) % 1000000000)
      """
  }
}
