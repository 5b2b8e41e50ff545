public import LoomCore
public import LoomSystem

/// A SQLite file that holds one run: its inputs, bars, features and versions.
///
/// Rows are kept in batches: ``commitBatch()`` makes what was appended before it visible to
/// readers, who never block the writer, and safe from a crash of the program. Until ``close()`` the
/// run counts as unfinished; one that was interrupted keeps its batches and says `running` in the
/// table `run`; without a batch nothing is left.
///
/// Tables: `run`, `symbols`, `sources`, `blocks` (the inputs, compressed), `clock_events`, `rejects`,
/// `bars`, `features` (a column per feature), `versions`, `matrices`; times are nanoseconds since 1970
/// in UTC and an absent number is NULL. The views `bars_text`, `features_text` and `versions_text` show
/// times and symbols as text. One thread at a time.
public struct Store: ~Copyable, Sendable {
  private let database: Database
  /// A second connection, which holds the writer's lock while the first one cannot.
  private let keeper: Database
  private var insert: StoreInserts
  private var encoder: BlockEncoder
  /// Inputs that wait for their block.
  private var group: [SequencedTick] = []
  /// Whether the file is to be removed with the value: it is ours and holds nothing to keep.
  private var vanishes: Bool
  private let keepsBatches: Bool
  /// About how many bytes were appended since the last checkpoint.
  private var uncheckedBytes = 0
  private static let checkpointBytes = 16 << 20
  /// What a batch adds to the log however little it holds: the last page of each table and index.
  private static let batchBytes = 8 * 16_384

  /// Creates the store at `path`, or fills an empty file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - configuration: What the run is.
  ///   - durability: What a batch outlives: the process, or the machine; never less.
  ///   - keepsBatches: Whether a file filled here stays where the value goes away unclosed; after a
  ///     kill it stays anyway.
  /// - Throws: ``JournalError`` where the file holds something already, is being written, or
  ///   cannot be written; nothing new is left behind.
  public init(
    path: String, configuration: StoreConfiguration, durability: Durability = .os,
    keepsBatches: Bool = true
  ) throws(JournalError) {
    let isNew = StoreFile.isMissing(path)
    let database = try StoreFile.create(path: path, isNew: isNew, configuration, durability)
    var insert = try StoreInserts(on: database, featureCount: configuration.featureNames.count)
    for table in [DigestedTable.schema, .run, .gaps] {
      try insert.digests.rewrite(table, on: database)
    }
    let keeper = try Database(path: path)
    try keeper.execute(StoreFile.patience)
    let encoder = try BlockEncoder()
    self.insert = insert
    self.encoder = encoder
    self.keeper = keeper
    vanishes = isNew || !keepsBatches
    self.keepsBatches = keepsBatches
    self.database = database
  }

  deinit {
    if vanishes { StoreFile.remove(database.path) }
  }

  /// Names a symbol; once for each, before the end of the run.
  public mutating func register(_ symbol: SymbolID, name: String) throws(JournalError) {
    try register(Int64(symbol.rawValue), name, "symbols")
  }

  /// Names a feed; once for each, before the end of the run.
  public mutating func register(_ source: SourceID, name: String) throws(JournalError) {
    try register(Int64(source.rawValue), name, "sources")
  }

  private mutating func register(
    _ id: Int64, _ name: String, _ table: String
  ) throws(JournalError) {
    insert.digests.hasNewNames = true
    var insert = try Statement("INSERT INTO \(table) VALUES (?,?)", on: database)
    insert.bind(id, at: 1)
    insert.bind(name, at: 2)
    try insert.run(on: database)
  }

  /// Appends inputs, whose sequences follow each other, within a call and from one to the next.
  ///
  /// They wait for others to share a block with, at most until ``commitBatch()``.
  public mutating func append(ticks: Span<SequencedTick>) throws(JournalError) {
    for index in ticks.indices {
      let tick = ticks[index]
      if let last = group.last {
        precondition(
          tick.sequence == last.sequence + 1, "sequence \(tick.sequence) after \(last.sequence)")
      }
      group.append(tick)
      if group.count == BlockEncoder.groupMaximum { try writeGroup() }
    }
  }

  private mutating func writeGroup() throws(JournalError) {
    guard let first = group.first else { return }
    uncheckedBytes += try Self.write(group, of: first.sequence, by: &encoder, &insert, database)
    group.removeAll(keepingCapacity: true)
  }

  // Static, as the encoder's blocks go to the statement.
  private static func write(
    _ group: borrowing [SequencedTick], of first: UInt64, by encoder: inout BlockEncoder,
    _ insert: inout StoreInserts, _ database: borrowing Database
  ) throws(JournalError) -> Int {
    var bytes = 0
    try encoder.encode(group.span) { (header, block) throws(JournalError) in
      bytes += block.byteCount
      let digest = insert.digests.blocks
      let id = digest.lastRow + 1
      insert.block.bind(id, of: first, header, block)
      try insert.block.run(on: database)
      digest.endRow(id)
      try insert.digests.writeIfFull(.blocks, digest, on: database)
    }
    return bytes
  }

  /// Appends a move of the market clock that no tick made, by the input that it followed.
  public mutating func append(clock event: ClockEvent) throws(JournalError) {
    insert.clock.bind(Int64(bitPattern: event.afterSequence), at: 1)
    insert.clock.bind(event.time.nanoseconds, at: 2)
    try insert.clock.run(on: database)
    let digest = insert.digests.clockEvents
    digest.endRow(digest.lastRow + 1)
    try insert.digests.writeIfFull(.clockEvents, digest, on: database)
  }

  /// Appends inputs that were rejected, by their sequence, in ascending order.
  public mutating func append(rejects: Span<Reject>) throws(JournalError) {
    uncheckedBytes += rejects.count * 8
    try insert.rejects.insert(
      count: rejects.count, on: database, &insert.digests
    ) { row, statement, before in
      let sequence = Int64(bitPattern: rejects[row].sequence)
      statement.bind(sequence, at: before + 1)
      statement.bind(Int64(rejects[row].reason.rawValue), at: before + 2)
      return sequence
    }
  }

  /// Appends bars, in any order.
  public mutating func append(bars: Span<CleanBar>) throws(JournalError) {
    uncheckedBytes += bars.count * MemoryLayout<CleanBar>.stride
    try insert.bars.insert(count: bars.count, on: database, &insert.digests) {
      $1.bind(bars[$0], after: $2)
      return nil
    }
  }

  /// Appends feature rows, in any order.
  public mutating func append(features: Span<FeatureRow>) throws(JournalError) {
    let count = insert.features.columns - 2
    uncheckedBytes += features.count * (count + 2) * 9
    try insert.features.insert(
      count: features.count, on: database, &insert.digests
    ) { row, statement, before in
      let given = Int(features[row].count)
      precondition(given == count, "\(given) features, not \(count)")
      statement.bind(features[row].start.nanoseconds, at: before + 1)
      statement.bind(Int64(features[row].symbol.rawValue), at: before + 2)
      for index in 0..<count {
        statement.bind(features[row].values[index], at: before + 3 + Int32(index))
      }
      return nil
    }
  }

  /// Appends a version of the correlation matrix; their numbers ascend.
  public mutating func append(
    version number: UInt64, time: Timestamp, hash: Hash128
  ) throws(JournalError) {
    uncheckedBytes += 64
    insert.version.bind(Int64(bitPattern: number), at: 1)
    insert.version.bind(time.nanoseconds, at: 2)
    insert.version.bind(hash.description, at: 3)
    try insert.version.run(on: database)
    insert.digests.versions.endRow(Int64(bitPattern: number))
    try insert.digests.writeIfFull(.versions, insert.digests.versions, on: database)
  }

  /// Appends the matrix of a version, as the bytes of its numbers (little endian).
  ///
  /// - Parameters:
  ///   - number: The version.
  ///   - symbols: The symbols of its rows and columns.
  ///   - correlation: The packed upper triangle, n (n + 1) / 2 correlations for n symbols.
  ///   - jointRows: The joint rows of each of these pairs.
  /// - Throws: ``JournalError`` where it cannot be written.
  public mutating func append(
    matrixOf number: UInt64, symbols: Span<SymbolID>, correlation: Span<Double>,
    jointRows: Span<Int32>
  ) throws(JournalError) {
    let pairs = symbols.count * (symbols.count + 1) / 2
    precondition(
      correlation.count == pairs && jointRows.count == pairs,
      "\(symbols.count) symbols, \(correlation.count) correlations, \(jointRows.count) counts")
    uncheckedBytes += pairs * 12
    insert.matrix.bind(Int64(bitPattern: number), at: 1)
    unsafe insert.matrix.bind(symbols.bytes, at: 2)
    unsafe insert.matrix.bind(correlation.bytes, at: 3)
    unsafe insert.matrix.bind(jointRows.bytes, at: 4)
    try insert.matrix.run(on: database)
    insert.digests.matrices.endRow(Int64(bitPattern: number))
    try insert.digests.writeIfFull(.matrices, insert.digests.matrices, on: database)
  }

  /// Keeps everything appended so far, and begins the next batch.
  public mutating func commitBatch() throws(JournalError) {
    try writeGroup()
    try insert.digests.write(on: database)
    try database.execute("COMMIT")
    if keepsBatches { vanishes = false }
    uncheckedBytes += Self.batchBytes
    if uncheckedBytes >= Self.checkpointBytes { try checkpoint() }
    try database.execute("BEGIN IMMEDIATE")
  }

  /// Moves the batches from the log into the file, so that the log can start over.
  ///
  /// It works only between batches, and takes a while; the keeper holds the lock meanwhile, so that
  /// nobody finds a store that looks as if its writer were gone.
  private mutating func checkpoint() throws(JournalError) {
    uncheckedBytes = 0
    try keeper.execute("BEGIN IMMEDIATE")
    try database.execute("PRAGMA wal_checkpoint(PASSIVE)")
    try keeper.execute("ROLLBACK")
  }

  /// Keeps everything, marks the run as finished and puts it all into the one file.
  ///
  /// - Throws: ``JournalError``; where only the last step failed, a store that keeps its batches
  ///   is complete with the log beside it.
  public consuming func close() throws(JournalError) {
    try writeGroup()
    try database.execute("UPDATE run SET state = 'finished'")
    try insert.digests.write(on: database)
    try insert.digests.rewrite(.run, on: database)
    try database.execute("COMMIT")
    if keepsBatches { vanishes = false }
    // The disk may be too full for this, although the log had room for it all.
    try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    vanishes = false
  }
}

extension Statement {
  /// Binds the columns of the table `blocks`: a block of the group that begins at `first`.
  mutating func bind(
    _ id: Int64, of first: UInt64, _ header: BlockHeader, _ block: RawSpan
  ) {
    bind(id, at: 1)
    bind(Int64(bitPattern: first), at: 2)
    bind(Int64(bitPattern: header.sequences.lowerBound), at: 3)
    bind(Int64(bitPattern: header.sequences.upperBound), at: 4)
    bind(header.times.lowerBound.nanoseconds, at: 5)
    bind(header.times.upperBound.nanoseconds, at: 6)
    bind(Int64(header.symbols.lowerBound.rawValue), at: 7)
    bind(Int64(header.symbols.upperBound.rawValue), at: 8)
    bind(Int64(header.count), at: 9)
    bind(block, at: 10)
  }

  /// Binds the columns of the table `bars` to the parameters after `before`.
  fileprivate mutating func bind(_ clean: CleanBar, after before: Int32) {
    let bar = clean.bar
    bind(bar.start.nanoseconds, at: before + 1)
    bind(Int64(bar.symbol.rawValue), at: before + 2)
    bind(bar.open, at: before + 3)
    bind(bar.high, at: before + 4)
    bind(bar.low, at: before + 5)
    bind(bar.close, at: before + 6)
    bind(bar.volume, at: before + 7)
    bind(clean.logReturn, at: before + 8)
    bind(bar.spreadEstimate, at: before + 9)
    bind(clean.flags.contains(.outlier), at: before + 10)
    bind(clean.isValid, at: before + 11)
    bind(Int64(bar.source.rawValue), at: before + 12)
    bind(bar.tickCount, at: before + 13)
    bind(bar.vwap, at: before + 14)
    bind(bar.gapSlots, at: before + 15)
    bind(Int64(bitPattern: bar.firstSequence), at: before + 16)
    bind(Int64(bitPattern: bar.lastSequence), at: before + 17)
    bind(Int64(bar.revision), at: before + 18)
  }
}
