/// Goes through the rows of a table and, where SQLite cannot read some, on behind them.
struct RowWalk: ~Copyable {
  /// What comes next.
  enum Found {
    /// A row, at which `rows` stands.
    case row
    /// Rows of these identifiers, as far as they existed, cannot be read.
    case unreadable(ClosedRange<Int64>, reason: String)
  }

  /// Stands at the row that was found; its first column is the identifier.
  private(set) var rows: Statement
  private var last = Int64.min
  /// The largest identifier, as far as that can be told.
  private let end: Int64
  private var isAtRow = false
  private var isAtEnd = false

  /// Begins before the first row.
  ///
  /// - Parameters:
  ///   - columns: What is selected behind the identifier.
  ///   - table: Of these rows.
  ///   - database: Where it is.
  /// - Throws: ``JournalError`` where there is no such table.
  init(_ columns: String, of table: String, on database: borrowing Database) throws(JournalError) {
    var rows = try Statement(
      "SELECT rowid, \(columns) FROM \(table) WHERE rowid >= ? ORDER BY rowid", on: database)
    let inTable = try? database.integer("SELECT max(rowid) FROM \(table)")
    let inDigests = try? database.integer(
      "SELECT max(last_row) FROM digests WHERE kind = '\(table)'")
    rows.bind(Int64.min, at: 1)
    end = Int64(max(inTable ?? 0, inDigests ?? 0))
    self.rows = rows
  }

  /// Steps to the next row; nil after the last.
  mutating func next(on database: borrowing Database) throws(JournalError) -> Found? {
    if isAtEnd { return nil }
    if isAtRow {
      isAtRow = false
      return .row
    }
    do throws(JournalError) {
      guard try rows.next(on: database) else {
        isAtEnd = true
        return nil
      }
      let row = rows.integer(0)
      // A damaged tree may lead back to where we were.
      if row <= last { return skip("the rows are out of order", on: database) }
      last = row
      return .row
    } catch {
      if error == .outOfMemory { throw error }
      return skip(error.reason, on: database)
    }
  }

  /// Looks for the first row that can be read behind those that cannot.
  private mutating func skip(_ reason: String, on database: borrowing Database) -> Found {
    let first = last == .min ? 0 : last + 1
    var row = first
    while row < end {
      row += max(1, (row - first) / 32)
      rows.reset()
      rows.bind(row, at: 1)
      guard (try? rows.next(on: database)) == true, rows.integer(0) >= row else { continue }
      last = rows.integer(0)
      isAtRow = true
      return .unreadable(first...(last - 1), reason: reason)
    }
    isAtEnd = true
    return .unreadable(first...max(first, end), reason: reason)
  }
}
