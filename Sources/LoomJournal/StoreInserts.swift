/// The prepared statements that a ``Store`` appends rows with.
struct StoreInserts: ~Copyable, Sendable {
  var bars: BlockInsert
  var features: BlockInsert
  var version: Statement
  var matrix: Statement
  var block: Statement
  var rejects: BlockInsert
  var clock: Statement
  var change: Statement
  var snapshot: Statement
  var position: Statement
  var counter: Statement
  var digests: DigestWriter

  init(on database: borrowing Database, featureCount: Int) throws(JournalError) {
    // All are made before any is kept, or a failure would find the value half made.
    let digests = try DigestWriter(on: database)
    let bars = try BlockInsert(into: .bars, columns: 18, on: database, digests.bars)
    let features = try BlockInsert(
      into: .features, columns: 2 + featureCount, on: database, digests.features)
    let version = try Statement(
      "INSERT INTO versions VALUES (?,?,?)", on: database, digest: digests.versions)
    let matrix = try Statement(
      "INSERT INTO matrices VALUES (?,?,?,?)", on: database, digest: digests.matrices)
    let block = try Statement(
      "INSERT INTO blocks VALUES (?,?,?,?,?,?,?,?,?,?)", on: database, digest: digests.blocks)
    let rejects = try BlockInsert(into: .rejects, columns: 2, on: database, digests.rejects)
    let clock = try Statement(
      "INSERT INTO clock_events VALUES (?,?)", on: database, digest: digests.clockEvents)
    let change = try Statement(
      "INSERT INTO changes VALUES (?,?,?)", on: database, digest: digests.changes)
    let snapshot = try Statement(
      "INSERT OR REPLACE INTO snapshots VALUES (?,?,?,?,?,?,?)", on: database,
      digest: digests.snapshots)
    let position = try Statement(
      "INSERT OR REPLACE INTO positions VALUES (?,?,?)", on: database)
    let counter = try Statement(
      "INSERT OR REPLACE INTO counters VALUES (?,?,?,?)", on: database)
    self.bars = bars
    self.features = features
    self.version = version
    self.matrix = matrix
    self.block = block
    self.rejects = rejects
    self.clock = clock
    self.change = change
    self.snapshot = snapshot
    self.position = position
    self.counter = counter
    self.digests = digests
  }
}
