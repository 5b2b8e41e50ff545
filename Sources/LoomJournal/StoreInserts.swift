/// The prepared statements that a ``Store`` appends rows with.
struct StoreInserts: ~Copyable, Sendable {
  var bars: BlockInsert
  var features: BlockInsert
  var version: Statement
  var matrix: Statement
  var block: Statement
  var rejects: BlockInsert
  var clock: Statement

  init(on database: borrowing Database, featureCount: Int) throws(JournalError) {
    // All are made before any is kept, or a failure would find the value half made.
    let bars = try BlockInsert(into: "bars", columns: 18, on: database)
    let features = try BlockInsert(into: "features", columns: 2 + featureCount, on: database)
    let version = try Statement("INSERT INTO versions VALUES (?,?,?)", on: database)
    let matrix = try Statement("INSERT INTO matrices VALUES (?,?,?,?)", on: database)
    let block = try Statement("INSERT INTO blocks VALUES (NULL,?,?,?,?,?,?,?,?,?)", on: database)
    let rejects = try BlockInsert(into: "rejects", columns: 2, on: database)
    let clock = try Statement("INSERT INTO clock_events VALUES (?,?)", on: database)
    self.bars = bars
    self.features = features
    self.version = version
    self.matrix = matrix
    self.block = block
    self.rejects = rejects
    self.clock = clock
  }
}
