/// Inserts rows into one table, many with one statement: a third faster than one by one.
struct BlockInsert: ~Copyable, Sendable {
  static let blockRows = 32

  let columns: Int
  private var block: Statement
  private var single: Statement

  init(into table: String, columns: Int, on database: borrowing Database) throws(JournalError) {
    let row = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
    let rows = Array(repeating: row, count: Self.blockRows).joined(separator: ",")
    let block = try Statement("INSERT INTO \(table) VALUES \(rows)", on: database)
    let single = try Statement("INSERT INTO \(table) VALUES \(row)", on: database)
    self.block = block
    self.single = single
    self.columns = columns
  }

  /// Inserts `count` rows in order.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - database: Where the table is.
  ///   - bind: Binds the row of the first number to the parameters that follow the second.
  /// - Throws: ``JournalError`` where one cannot be written; rows before it may stand.
  mutating func insert(
    count: Int, on database: borrowing Database,
    _ bind: (_ row: Int, _ statement: inout Statement, _ before: Int32) -> Void
  ) throws(JournalError) {
    var row = 0
    while row + Self.blockRows <= count {
      for offset in 0..<Self.blockRows {
        bind(row + offset, &block, Int32(offset * columns))
      }
      try block.run(on: database)
      row += Self.blockRows
    }
    while row < count {
      bind(row, &single, 0)
      try single.run(on: database)
      row += 1
    }
  }
}
