public import LoomCore
public import LoomSystem

/// A SQLite file that holds one run: its inputs, bars, features and versions.
///
/// Rows are kept in batches: ``commitBatch()`` makes what was appended before it visible to
/// readers, who never block the writer, and safe from a crash of the program. Until ``close()`` the
/// run counts as unfinished; one that was interrupted keeps its batches and says `running` in the
/// table `run`; without a batch nothing is left.
///
/// Tables: `run`, `manifest`, `symbols`, `sources`, `blocks` (the inputs, compressed),
/// `clock_events`, `changes`, `rejects`, `bars`, `features` (a column per feature), `versions`,
/// `matrices`, `snapshots`, `positions`, `counters`, `retained` (what its retention has deleted);
/// times are nanoseconds since 1970 in UTC and an
/// absent number is NULL. The views `bars_text`, `features_text` and `versions_text` show times and
/// symbols as text. One thread at a time.
public struct Store: ~Copyable, Sendable {
  let database: Database
  var insert: StoreInserts
  private var encoder: BlockEncoder
  /// Inputs that wait for their block.
  private var group: [SequencedTick] = []
  /// The last input that was appended; 0 before there is one.
  public private(set) var lastSequence: UInt64
  /// The last rows of the tables that have a row for each note.
  var noteRows: (clockEvents: Int64, changes: Int64) {
    (insert.digests.clockEvents.lastRow, insert.digests.changes.lastRow)
  }
  /// How many batches were kept, also where what follows on that has failed.
  private(set) var batchCount = 0
  /// How many symbols have names.
  public private(set) var symbolCount: Int
  /// How many feeds have names.
  public private(set) var sourceCount: Int
  /// Whether the file is to be removed with the value: it is ours and holds nothing to keep.
  private var vanishes: Bool
  /// Whether the file was made here.
  private let wasMade: Bool
  /// Whether anything was appended that is worth to be kept.
  var hasContents = false
  /// Deletes what is not kept.
  var trim: StoreTrim
  /// About how many bytes were appended since the last checkpoint.
  var uncheckedBytes = 0
  /// With so many the next is due.
  private var checkpointBytes = Self.checkpointBytes
  private static let checkpointBytes = 16 << 20
  /// How long a checkpoint waits for those who read the log, at first.
  private static let waitMilliseconds = 250
  /// What a batch adds to the log however little it holds: the last page of each table and index.
  private static let batchBytes = 8 * 16_384

  /// Creates the store at `path`, or fills an empty file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - configuration: What the run is.
  ///   - durability: What a batch outlives: the process, or the machine; never less.
  /// - Throws: ``JournalError`` where the file holds something already, is being written, or
  ///   cannot be written; nothing new is left behind.
  public init(
    path: String, configuration: StoreConfiguration, durability: Durability = .os
  ) throws(JournalError) {
    let isNew = StoreFile.isMissing(path)
    let database = try StoreFile.create(path: path, isNew: isNew, configuration, durability)
    let insert = try StoreInserts(on: database, featureCount: configuration.featureNames.count)
    let encoder = try BlockEncoder()
    trim = StoreTrim(configuration.retention)
    (lastSequence, symbolCount, sourceCount) = (0, 0, 0)
    self.insert = insert
    self.encoder = encoder
    (vanishes, wasMade) = (isNew, isNew)
    self.database = database
  }

  /// Goes on in a store whose run was interrupted or finished.
  ///
  /// With the first batch the results behind the snapshot are gone, as they are made anew, and damaged
  /// inputs at the end; a store that is older gets the newest format.
  ///
  /// - Parameters:
  ///   - resumption: Where it goes on; nothing may have been appended since it was looked at.
  ///   - configuration: What the run is, as before.
  ///   - durability: What a batch outlives: the process, or the machine; never less.
  /// - Throws: ``JournalError/otherRun(path:kept:asked:)`` where the run is another one; where the
  ///   store is being written, or cannot be.
  public init(
    resuming resumption: StoreResumption, configuration: StoreConfiguration,
    durability: Durability = .os
  ) throws(JournalError) {
    try self.init(
      resuming: resumption, configuration: configuration, durability: durability, isPart: true)
  }

  /// The same; `isPart` says whether the manifest tells of it.
  init(
    resuming resumption: StoreResumption, configuration: StoreConfiguration,
    durability: Durability, isPart: Bool
  ) throws(JournalError) {
    let database = try StoreFile.resume(resumption, configuration, durability, isPart: isPart)
    var insert = try StoreInserts(on: database, featureCount: configuration.featureNames.count)
    try insert.digests.resume(on: database)
    let encoder = try BlockEncoder(after: resumption.chain)
    trim = StoreTrim(configuration.retention)
    lastSequence = resumption.lastSequence
    (symbolCount, sourceCount) = (resumption.symbols.count, resumption.sources.count)
    self.insert = insert
    self.encoder = encoder
    (vanishes, wasMade) = (false, false)
    self.database = database
  }

  deinit {
    if vanishes { StoreFile.remove(database.path) }
  }

  /// Names a symbol; once for each, before the end of the run.
  public mutating func register(_ symbol: SymbolID, name: String) throws(JournalError) {
    try register(Int64(symbol.rawValue), name, .symbols)
    symbolCount = max(symbolCount, symbol.index + 1)
  }

  /// Names a feed; once for each, before the end of the run.
  public mutating func register(_ source: SourceID, name: String) throws(JournalError) {
    try register(Int64(source.rawValue), name, .sources)
    sourceCount = max(sourceCount, source.index + 1)
  }

  private mutating func register(
    _ id: Int64, _ name: String, _ table: DigestedTable
  ) throws(JournalError) {
    insert.digests.changed.insert(table)
    var insert = try Statement("INSERT INTO \(table.rawValue) VALUES (?,?)", on: database)
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
      precondition(
        tick.sequence == lastSequence + 1 || lastSequence == 0,
        "sequence \(tick.sequence) after \(lastSequence)")
      lastSequence = tick.sequence
      hasContents = true
      group.append(tick)
      if group.count == BlockEncoder.groupMaximum { try writeGroup() }
    }
  }

  /// Appends inputs as a group of their own, 1 … 65,536, which wait for no others; their sequences
  /// ascend.
  mutating func append(group ticks: Span<SequencedTick>) throws(JournalError) {
    try writeGroup()
    let (first, last) = (ticks[0].sequence, ticks[ticks.count - 1].sequence)
    precondition(
      (first == lastSequence + 1 || lastSequence == 0) && last - first == UInt64(ticks.count - 1),
      "\(ticks.count) sequences \(first) to \(last) after \(lastSequence)")
    lastSequence = last
    hasContents = true
    uncheckedBytes += try Self.write(ticks, of: first, by: &encoder, &insert, database)
  }

  private mutating func writeGroup() throws(JournalError) {
    guard let first = group.first else { return }
    uncheckedBytes += try Self.write(group, of: first.sequence, by: &encoder, &insert, database)
    group.removeAll(keepingCapacity: true)
  }

  private static func write(
    _ group: borrowing [SequencedTick], of first: UInt64, by encoder: inout BlockEncoder,
    _ insert: inout StoreInserts, _ database: borrowing Database
  ) throws(JournalError) -> Int {
    try write(group.span, of: first, by: &encoder, &insert, database)
  }

  // Static, as the encoder's blocks go to the statement.
  private static func write(
    _ group: Span<SequencedTick>, of first: UInt64, by encoder: inout BlockEncoder,
    _ insert: inout StoreInserts, _ database: borrowing Database
  ) throws(JournalError) -> Int {
    var bytes = 0
    try encoder.encode(group) { (header, block) throws(JournalError) in
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

  /// Appends that the inputs up to `sequence` were not kept: the next one follows them.
  public mutating func append(missingThrough sequence: UInt64) throws(JournalError) {
    precondition(sequence > lastSequence, "\(sequence) after \(lastSequence)")
    try writeGroup()
    var gap = try Statement("INSERT INTO gaps VALUES (?,?,?)", on: database)
    gap.bind(Int64(bitPattern: lastSequence + 1), at: 1)
    gap.bind(Int64(bitPattern: sequence), at: 2)
    gap.bind(Int64(sequence - lastSequence), at: 3)
    try gap.run(on: database)
    insert.digests.changed.insert(.gaps)
    lastSequence = sequence
  }

  /// Appends a move of the market clock that no tick made, by the input that it followed.
  public mutating func append(clock event: ClockEvent) throws(JournalError) {
    hasContents = true
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
    hasContents = hasContents || !bars.isEmpty
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
  ///
  /// What its retention does not keep goes with it, a part each time, and space that has become free.
  public mutating func commitBatch() throws(JournalError) {
    try writeGroup()
    try trim.step(&insert.digests, on: database)
    try StoreSpace.giveBack(on: database)
    try insert.digests.write(on: database)
    try database.execute("COMMIT")
    batchCount += 1
    if hasContents { vanishes = false }
    uncheckedBytes += Self.batchBytes
    if uncheckedBytes >= checkpointBytes { try checkpoint() }
    try database.execute("BEGIN IMMEDIATE")
  }

  /// Ends without what was kept, where the file was made here: it is of no use to anyone.
  public consuming func discard() {
    if wasMade { vanishes = true }
  }

  /// Moves the batches from the log into the file, so that the log can start over.
  ///
  /// It works only between batches, takes a while, and holds the writer's lock, so that nobody finds
  /// a store that looks as if its writer were gone. The log starts over only when nobody reads what it
  /// held. Who begins to read from now on does not, and the others are waited for; where somebody
  /// stays longer, the log has to grow until the next attempt, which comes after twice as much and
  /// waits twice as long.
  private mutating func checkpoint() throws(JournalError) {
    let patience = min(Self.waitMilliseconds * checkpointBytes / Self.checkpointBytes, 2000)
    try database.execute("PRAGMA busy_timeout = \(patience)")
    let isBusy = try database.integer("PRAGMA wal_checkpoint(RESTART)") != 0
    try database.execute(StoreFile.patience)
    uncheckedBytes = 0
    checkpointBytes = isBusy ? 2 * checkpointBytes : Self.checkpointBytes
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
    vanishes = false
    // The disk may be too full for this, although the log had room for it all.
    try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }
}
