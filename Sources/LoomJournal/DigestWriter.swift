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
  /// Whether a symbol or a feed was registered since the last batch.
  var hasNewNames = true
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
    if !hasNewNames { return }
    try rewrite(.symbols, on: database)
    try rewrite(.sources, on: database)
    hasNewNames = false
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
    var rows = try Statement(table.query, on: database)
    rows.bind(Int64.min, at: 1)
    rows.bind(Int64.max, at: 2)
    let digest = RowDigest()
    while try rows.next(on: database) {
      rows.addColumns(from: 1, to: digest)
      digest.endRow(rows.integer(0))
      try writeIfFull(table, digest, on: database)
    }
    try write(table, digest, on: database)
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
