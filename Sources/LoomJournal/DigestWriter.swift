internal import LoomSystem

/// Keeps the table `digests` up with the rows that a ``Store`` appends.
struct DigestWriter: ~Copyable, Sendable {
  let blocks = RowDigest()
  let rejects = RowDigest()
  let bars = RowDigest()
  let features = RowDigest()
  let versions = RowDigest()
  let matrices = RowDigest()
  let clockEvents = RowDigest()
  let changes = RowDigest()
  let snapshots = RowDigest()
  /// The tables with one digest for all that were changed since the last batch.
  var changed: Set<DigestedTable> = []
  private var insert: Statement

  init(on database: borrowing Database) throws(JournalError) {
    insert = try Statement("INSERT OR REPLACE INTO digests VALUES (?,?,?,?,?)", on: database)
  }

  /// Writes what is to be kept with a batch; digests that are not full yet are replaced by the next.
  mutating func write(on database: borrowing Database) throws(JournalError) {
    try write(.blocks, blocks, on: database)
    try write(.rejects, rejects, on: database)
    try write(.bars, bars, on: database)
    try write(.features, features, on: database)
    try write(.versions, versions, on: database)
    try write(.matrices, matrices, on: database)
    try write(.clockEvents, clockEvents, on: database)
    try write(.changes, changes, on: database)
    try write(.snapshots, snapshots, on: database)
    if changed.isEmpty { return }
    for table in changed { try rewrite(table, on: database) }
    changed.removeAll()
  }

  /// The digest of the rows of a table so far; nil where all rows share one.
  func digest(of table: DigestedTable) -> RowDigest? {
    switch table {
    case .blocks: blocks
    case .rejects: rejects
    case .bars: bars
    case .features: features
    case .versions: versions
    case .matrices: matrices
    case .clockEvents: clockEvents
    case .changes: changes
    case .snapshots: snapshots
    case .schema, .run, .symbols, .sources, .gaps, .manifest, .positions, .counters, .retained: nil
    }
  }

  /// Takes the digests up where a store ends, whose tables are as they are to be.
  ///
  /// - Complexity: O(rows that no full digest covers).
  mutating func resume(on database: borrowing Database) throws(JournalError) {
    for table in DigestedTable.allCases {
      guard let digest = digest(of: table), let rows = table.rowsPerDigest else { continue }
      let kind = "kind = '\(table.rawValue)'"
      let last = try database.integer("SELECT max(rowid) FROM \(table.rawValue)") ?? 0
      // The first may cover fewer, as the others were deleted.
      try database.execute(
        """
        DELETE FROM digests WHERE \(kind) AND (last_row > \(last) OR count < \(rows)
          AND last_row = (SELECT max(last_row) FROM digests WHERE \(kind)))
        """)
      let covered = try database.integer("SELECT max(last_row) FROM digests WHERE \(kind)") ?? 0
      digest.begin(after: Int64(covered))
      try add(table, after: Int64(covered), to: digest, on: database)
    }
    for table in DigestedTable.allCases where table.rowsPerDigest == nil { changed.insert(table) }
  }

  /// Writes the digest of a whole table as it is.
  mutating func rewrite(
    _ table: DigestedTable, on database: borrowing Database
  ) throws(JournalError) {
    try write(table, table.digest(of: database), isWhole: true, on: database)
  }

  /// Writes the digests of all rows of a table as they are.
  mutating func rebuild(
    _ table: DigestedTable, on database: borrowing Database
  ) throws(JournalError) {
    if table.rowsPerDigest == nil { return try rewrite(table, on: database) }
    let digest = RowDigest()
    try add(table, after: Int64.min, to: digest, on: database)
    try write(table, digest, on: database)
  }

  /// Writes the digest of one row, of a table with one for each, as it is now.
  mutating func rewrite(
    _ table: DigestedTable, row: Int64, on database: borrowing Database
  ) throws(JournalError) {
    let digest = RowDigest()
    try Self.read(table, row...row, on: database) { rows in
      rows.addColumns(from: 1, to: digest)
      digest.endRow(row)
    }
    try write(table, digest, on: database)
  }

  /// Has the digest that covers `row` and others behind it be of these alone, and forgets those before.
  ///
  /// - Returns: False where it is not that of its rows: then nothing is changed.
  mutating func cut(
    _ table: DigestedTable, behind row: Int64, on database: borrowing Database
  ) throws(JournalError) -> Bool {
    let kind = "kind = '\(table.rawValue)'"
    var found = try Statement(
      """
      SELECT first_row, last_row, digest FROM digests
      WHERE \(kind) AND first_row <= \(row) ORDER BY first_row DESC LIMIT 1
      """, on: database)
    let (whole, rest) = (RowDigest(), RowDigest())
    if try found.next(on: database), found.integer(1) > row {
      let expected = found.text(2)
      try Self.read(table, found.integer(0)...found.integer(1), on: database) { rows in
        rows.addColumns(from: 1, to: whole)
        whole.endRow(rows.integer(0))
        if rows.integer(0) <= row { return }
        rows.addColumns(from: 1, to: rest)
        rest.endRow(rows.integer(0))
      }
      if whole.value.description != expected { return false }
    }
    found.reset()
    try database.execute("DELETE FROM digests WHERE \(kind) AND first_row <= \(row)")
    try write(table, rest, on: database)
    return true
  }

  private static func read(
    _ table: DigestedTable, _ range: ClosedRange<Int64>, on database: borrowing Database,
    _ body: (borrowing Statement) -> Void
  ) throws(JournalError) {
    var rows = try Statement(table.query, on: database)
    rows.bind(range.lowerBound, at: 1)
    rows.bind(range.upperBound, at: 2)
    while try rows.next(on: database) { body(rows) }
  }

  /// Notes that the rows of a table up to `row` are deleted, which came of inputs up to `sequence`.
  mutating func note(
    _ table: DigestedTable, through row: Int64, inputs sequence: Int64,
    on database: borrowing Database
  ) throws(JournalError) {
    changed.insert(.retained)
    try database.execute(
      "INSERT OR REPLACE INTO retained VALUES ('\(table.rawValue)', \(row), \(sequence))")
  }

  /// Adds the rows behind `row`, and writes what gets full.
  private mutating func add(
    _ table: DigestedTable, after row: Int64, to digest: RowDigest, on database: borrowing Database
  ) throws(JournalError) {
    var rows = try Statement(table.query, on: database)
    rows.bind(row == .min ? row : row + 1, at: 1)
    rows.bind(Int64.max, at: 2)
    while try rows.next(on: database) {
      rows.addColumns(from: 1, to: digest)
      digest.endRow(rows.integer(0))
      try writeIfFull(table, digest, on: database)
    }
  }

  /// Writes a digest once it has its rows.
  mutating func writeIfFull(
    _ table: DigestedTable, _ digest: RowDigest, on database: borrowing Database
  ) throws(JournalError) {
    guard let rows = table.rowsPerDigest, digest.count >= rows else { return }
    try write(table, digest, on: database)
    digest.reset()
  }

  private mutating func write(
    _ table: DigestedTable, _ digest: RowDigest, isWhole: Bool = false,
    on database: borrowing Database
  ) throws(JournalError) {
    if digest.count == 0 && !isWhole { return }
    insert.bind(table.rawValue, at: 1)
    insert.bind(isWhole ? 0 : digest.firstRow, at: 2)
    insert.bind(digest.lastRow, at: 3)
    insert.bind(Int64(digest.count), at: 4)
    insert.bind(digest.value.description, at: 5)
    try insert.run(on: database)
  }
}
