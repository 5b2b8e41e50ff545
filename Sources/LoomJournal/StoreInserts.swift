/// The prepared statements that a ``Store`` appends rows with.
struct StoreInserts: ~Copyable, Sendable {
  var bar: Statement
  var features: Statement
  var version: Statement
  var matrix: Statement

  init(on database: borrowing Database, featureCount: Int) throws(JournalError) {
    // All are made before any is kept, or a failure would find the value half made.
    let bar = try Self.insert("bars", columns: 18, on: database)
    let features = try Self.insert("features", columns: 2 + featureCount, on: database)
    let version = try Self.insert("versions", columns: 3, on: database)
    let matrix = try Self.insert("matrices", columns: 4, on: database)
    self.bar = bar
    self.features = features
    self.version = version
    self.matrix = matrix
  }

  private static func insert(
    _ table: String, columns: Int, on database: borrowing Database
  ) throws(JournalError) -> Statement {
    let parameters = Array(repeating: "?", count: columns).joined(separator: ",")
    return try Statement("INSERT INTO \(table) VALUES (\(parameters))", on: database)
  }
}
