internal import CLoomJournal
public import LoomCore
internal import LoomSystem

/// Where a store ends, and what a run needs to go on there.
///
/// Made by looking only; a ``Store`` that is given it then drops what does not count: inputs behind
/// the last whole ones, and results that are made anew from those behind the snapshot.
public struct StoreResumption: Sendable {
  /// The file.
  public let path: String
  /// The last input that counts; 0 without any.
  public let lastSequence: UInt64
  /// Inputs that were damaged at its end and do not count; nil where all do.
  public let cut: ClosedRange<UInt64>?
  /// The state to go on from; nil to begin with the first input.
  public let snapshot: StoreSnapshot?
  /// The names of the symbols, by their identifiers.
  public let symbols: [String]
  /// The names of the feeds, by their identifiers.
  public let sources: [String]
  /// The configuration of the run, as text.
  public let configuration: String
  /// The symbols that take no more inputs.
  public let retired: [SymbolID]
  /// How far each feed was read.
  public let positions: [StorePosition]
  /// What was refused before it had a place in the order.
  public let counters: [StoreCounter]

  /// How many moves of the market clock the snapshot stands behind; 0 without one.
  public let passedClockEvents: Int

  /// What its retention has deleted.
  public let retained: StoreRetained

  /// The rows of the results that the snapshot stands behind.
  let bars: Int64
  let features: Int64
  let versions: Int64
  /// The number of the last part in the manifest.
  let lastPart: Int
  /// Whether there are bars or versions, as a run keeps them.
  public let holdsResults: Bool
  /// The last block that counts, and its hash, which the next one carries.
  let lastBlock: Int64
  let chain: loom_block_hash

  /// Whether there is a store at `path`; an empty file is none, nor is what a crash has left of one
  /// that was being made.
  public static func isPossible(path: String) -> Bool { !StoreFile.isNothing(path) }

  /// Looks at the end of the store at `path`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - usesSnapshot: Whether to go on from the newest snapshot; else all results are made anew.
  /// - Throws: ``JournalError`` where there is none, or one that cannot go on.
  /// - Complexity: O(1), and O(inputs) of what is damaged.
  public init(path: String, usesSnapshot: Bool = true) throws(JournalError) {
    do throws(JournalError) {
      try self.init(Database.reading(path), usesSnapshot)
    } catch { throw error.whileReading }
  }

  private init(_ database: borrowing Database, _ usesSnapshot: Bool) throws(JournalError) {
    try StoreMigration.require(in: database)
    if try database.text("SELECT state FROM run") == "recovered", try !database.gaps().isEmpty {
      throw .lacksInputs(path: database.path)
    }
    let end = try StoreEnd(of: database)
    path = database.path
    (lastSequence, cut) = (end.sequence, end.cut)
    (lastBlock, chain) = (end.block, end.hash)
    symbols = try database.names("symbols")
    sources = try database.names("sources")
    configuration = try database.text("SELECT configuration FROM run") ?? ""
    let isOlder = try database.integer("PRAGMA user_version") != StoreSchema.format
    positions = try isOlder ? [] : database.positions()
    counters = try isOlder ? [] : database.counters()
    retired = try isOlder ? [] : database.retired(through: end.sequence)
    retained = try StoreRetained(of: database)
    lastPart = try isOlder ? 0 : database.integer("SELECT max(number) FROM manifest") ?? 0
    let results = "(SELECT 1 FROM bars UNION ALL SELECT 1 FROM versions LIMIT 1)"
    holdsResults = try database.count(results) > 0
    var found: StoredSnapshot?
    if usesSnapshot, !isOlder {
      found = try Self.newest(before: end.sequence, behind: retained, in: database)
    }
    if found == nil, retained.inputs > 0 {
      throw .deletedInputs(path: database.path, through: retained.inputs)
    }
    snapshot = found?.snapshot
    passedClockEvents = found?.clockEvents ?? 0
    bars = Int64(found?.bars ?? 0)
    features = Int64(found?.features ?? 0)
    versions = Int64(bitPattern: found?.versions ?? 0)
  }

  /// The newest snapshot that is whole, and behind which everything is there.
  private static func newest(
    before sequence: UInt64, behind retained: StoreRetained, in database: borrowing Database
  ) throws(JournalError) -> StoredSnapshot? {
    var rows = try Statement(
      """
      SELECT \(StoredSnapshot.columns) FROM snapshots
      WHERE seq BETWEEN ? AND ? AND bars > ? AND features > ? AND versions > ?
        AND clock_events > ?
      ORDER BY seq DESC
      """, on: database)
    rows.bind(Int64(bitPattern: retained.inputs), at: 1)
    rows.bind(Int64(bitPattern: sequence), at: 2)
    // The rows behind it are made anew, and go on behind the one it stands at.
    for (place, last) in retained.lastRows.enumerated() {
      rows.bind(last == 0 ? -1 : last, at: Int32(place) + 3)
    }
    while try rows.next(on: database) {
      if let found = StoredSnapshot(rows) { return found }
    }
    return nil
  }
}

extension Database {
  fileprivate func positions() throws(JournalError) -> [StorePosition] {
    var rows = try Statement("SELECT source, rows, line FROM positions ORDER BY source", on: self)
    var positions: [StorePosition] = []
    while try rows.next(on: self) {
      positions.append(
        StorePosition(
          source: SourceID(rawValue: UInt16(clamping: rows.integer(0))),
          rows: Int(rows.integer(1)), line: Int(rows.integer(2))))
    }
    return positions
  }

  fileprivate func retired(through sequence: UInt64) throws(JournalError) -> [SymbolID] {
    var rows = try Statement(
      "SELECT id FROM changes WHERE kind = 'retired' AND after_seq <= ? ORDER BY rowid", on: self)
    rows.bind(Int64(bitPattern: sequence), at: 1)
    var symbols: [SymbolID] = []
    while try rows.next(on: self) {
      symbols.append(SymbolID(rawValue: UInt32(clamping: rows.integer(0))))
    }
    return symbols
  }

  fileprivate func counters() throws(JournalError) -> [StoreCounter] {
    var rows = try Statement(
      "SELECT source, symbol, reason, count FROM counters ORDER BY 1, 2, 3", on: self)
    var counters: [StoreCounter] = []
    while try rows.next(on: self) {
      guard let reason = RejectReason(rawValue: UInt8(clamping: rows.integer(2))) else { continue }
      let symbol = rows.integer(1)
      counters.append(
        StoreCounter(
          source: SourceID(rawValue: UInt16(clamping: rows.integer(0))),
          symbol: symbol < 0 ? .unknown : SymbolID(rawValue: UInt32(clamping: symbol)),
          reason: reason, count: Int(rows.integer(3))))
    }
    return counters
  }
}
