internal import LoomSystem

/// What the table `digests` has digests of, under these names.
enum DigestedTable: String, CaseIterable {
  case schema, run, symbols, sources, gaps, blocks, rejects, bars, features, versions, matrices
  case clockEvents = "clock_events"
  case manifest, positions, counters, changes, snapshots, retained

  /// The first format that has it.
  var format: Int {
    switch self {
    case .manifest, .positions, .counters, .changes, .snapshots, .retained: 4
    default: 3
    }
  }

  /// How many rows share a digest; nil where all of them do, and it is made anew when one changes.
  var rowsPerDigest: Int? {
    switch self {
    case .schema, .run, .symbols, .sources, .gaps, .manifest, .positions, .counters, .retained: nil
    case .blocks: 16
    case .rejects, .bars, .features, .versions, .clockEvents, .changes: 4096
    case .matrices, .snapshots: 1
    }
  }

  /// Selects the rows in order, behind the identifier of each.
  ///
  /// With a digest for some rows each, its two parameters are the first and the last one.
  var query: String {
    switch self {
    case .schema: "SELECT rowid, type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid"
    default:
      rowsPerDigest == nil
        ? "SELECT rowid, * FROM \(rawValue) ORDER BY rowid"
        : "SELECT rowid, * FROM \(rawValue) WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
    }
  }

  /// The digest of all rows as they are; `format` is to stand for that of the file.
  func digest(
    of database: borrowing Database, format: Int? = nil
  ) throws(JournalError) -> RowDigest {
    var rows = try Statement(query, on: database)
    let digest = RowDigest()
    while try rows.next(on: database) {
      rows.addColumns(from: 1, to: digest)
      digest.endRow(rows.integer(0))
    }
    if self == .schema {
      let found = try database.integer("PRAGMA user_version")
      digest.add(Int64(format ?? found ?? 0))
      digest.add(Int64(try database.integer("PRAGMA application_id") ?? 0))
    }
    return digest
  }
}
