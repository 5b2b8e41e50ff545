internal import CLoomJournal
public import LoomCore

/// The inputs of a ``Store``, in order, also while it is being written.
///
/// One thread at a time.
public struct StoredTicks: ~Copyable, Sendable {
  /// The names of the symbols, by the identifiers of the ticks.
  public let symbols: [String]
  /// The names of the feeds, by the identifiers of the ticks.
  public let sources: [String]
  /// The configuration of the run, as it was given.
  public let configuration: String
  /// The names of the features of the run.
  public let featureNames: [String]
  /// The moves of the market clock that no tick made, in order.
  public let clockEvents: [ClockEvent]
  /// How many inputs there are.
  public let count: Int

  private let database: Database
  private var blocks: Statement
  private var decoder: BlockDecoder
  /// Whether `blocks` stands at a block that was not taken yet.
  private var hasBlock: Bool
  /// The sequence that comes next; nil before the first group.
  private var next: UInt64?
  /// What the store is known to lack, which is passed over.
  private let gaps: [StoreGap]
  /// Ticks of a group, by symbol.
  private var gathered: [SequencedTick] = []

  /// Opens the store at `path` at its first input, or at the group that holds the one behind
  /// `sequence`.
  ///
  /// - Throws: ``JournalError`` where there is none, one of a newer Tickloom, or one of an older that
  ///   kept no inputs.
  public init(path: String, after sequence: UInt64 = 0) throws(JournalError) {
    do throws(JournalError) {
      try self.init(opening: path, after: sequence)
    } catch { throw error.whileReading }
  }

  private init(opening path: String, after sequence: UInt64) throws(JournalError) {
    let database = try Database.reading(path)
    try StoreSchema.requireInputs(in: database)
    let symbols = try database.names("symbols")
    let sources = try database.names("sources")
    let configuration = try database.text("SELECT configuration FROM run") ?? ""
    let featureNames = Array(try database.columns("features").dropFirst(2))
    let clockEvents = try database.clockEvents()
    let count = try database.integer("SELECT sum(count) FROM blocks") ?? 0
    var blocks = try Statement(
      """
      SELECT first_group_seq, first_seq, last_seq, block FROM blocks WHERE id >= ? ORDER BY id
      """, on: database)
    blocks.bind(try database.firstBlock(after: sequence), at: 1)
    let decoder = try BlockDecoder()
    // An older format has no such table.
    let hasGaps = try database.count("sqlite_schema WHERE name = 'gaps'") > 0
    var gaps: [StoreGap] = []
    if hasGaps { gaps = try database.gaps() }
    let hasBlock = try blocks.next(on: database)
    self.symbols = symbols
    self.sources = sources
    self.configuration = configuration
    self.featureNames = featureNames
    self.clockEvents = clockEvents
    self.count = count
    self.gaps = gaps
    self.hasBlock = hasBlock
    self.decoder = decoder
    self.blocks = blocks
    self.database = database
  }

  /// Replaces the contents of `ticks` by those of the next group, at most 65,536, in order; false
  /// after the last.
  ///
  /// - Throws: ``JournalError/damaged(path:sequences:reason:)`` where they are not what was written;
  ///   nothing can be read from there on.
  public mutating func read(into ticks: inout [SequencedTick]) throws(JournalError) -> Bool {
    if !hasBlock { return false }
    let first = UInt64(bitPattern: blocks.integer(0))
    if let next, first > next, !Self.isKnown(next...(first - 1), gaps) {
      hasBlock = false
      throw .damaged(path: database.path, sequences: next...(first - 1), reason: "they are missing")
    }
    gathered.removeAll(keepingCapacity: true)
    while hasBlock, UInt64(bitPattern: blocks.integer(0)) == first {
      let sequences = UInt64(bitPattern: blocks.integer(1))...UInt64(bitPattern: blocks.integer(2))
      let status = Self.decode(blocks, by: &decoder, appendingTo: &gathered)
      if status != .ok {
        hasBlock = false
        throw .damaged(path: database.path, sequences: sequences, reason: status.reason)
      }
      hasBlock = try blocks.next(on: database)
    }
    var isWhole = Self.order(gathered, from: first, into: &ticks)
    if !isWhole { isWhole = Self.order(gathered, from: first, around: gaps, into: &ticks) }
    guard isWhole else {
      hasBlock = false
      let last = first + UInt64(max(gathered.count, 1) - 1)
      throw .damaged(
        path: database.path, sequences: first...last, reason: "sequences are missing or there twice"
      )
    }
    next = (ticks.last?.sequence ?? first) + 1
    return true
  }

  private static func isKnown(_ missing: ClosedRange<UInt64>, _ gaps: [StoreGap]) -> Bool {
    gaps.contains {
      $0.sequences.lowerBound <= missing.lowerBound && missing.upperBound <= $0.sequences.upperBound
    }
  }

  /// Puts the ticks of a group in order of which some are known to be missing; false elsewhere.
  private static func order(
    _ gathered: borrowing [SequencedTick], from first: UInt64, around gaps: [StoreGap],
    into ticks: inout [SequencedTick]
  ) -> Bool {
    ticks.removeAll(keepingCapacity: true)
    for place in gathered.indices { ticks.append(gathered[place]) }
    ticks.sort { $0.sequence < $1.sequence }
    guard let last = ticks.last?.sequence, last >= first else { return false }
    let check = GroupCheck(gathered, expected: first..<(last + 1))
    return check.superfluous == 0 && check.missing.allSatisfy { isKnown($0, gaps) }
  }

  // Static, as the statement's bytes go to the decoder.
  private static func decode(
    _ blocks: borrowing Statement, by decoder: inout BlockDecoder,
    appendingTo ticks: inout [SequencedTick]
  ) -> BlockStatus {
    blocks.withBytes(3) { decoder.decode($0, appendingTo: &ticks) }
  }

  /// Puts each tick in its place; false where they do not fill all places from `first` on.
  private static func order(
    _ gathered: borrowing [SequencedTick], from first: UInt64, into ticks: inout [SequencedTick]
  ) -> Bool {
    ticks.removeAll(keepingCapacity: true)
    for place in gathered.indices { ticks.append(gathered[place]) }
    var seen = 0
    for place in gathered.indices {
      let offset = gathered[place].sequence &- first
      guard offset < UInt64(gathered.count) else { return false }
      ticks[Int(offset)] = gathered[place]
    }
    for place in ticks.indices where ticks[place].sequence == first + UInt64(place) { seen += 1 }
    return seen == ticks.count
  }
}

extension Database {
  /// The names of a table's columns.
  func columns(_ table: String) throws(JournalError) -> [String] {
    var statement = try Statement("SELECT name FROM pragma_table_info('\(table)')", on: self)
    var names: [String] = []
    while try statement.next(on: self) { names.append(statement.text(0) ?? "") }
    return names
  }

  /// The first block of the group that holds the input behind `sequence`.
  fileprivate func firstBlock(after sequence: UInt64) throws(JournalError) -> Int64 {
    if sequence == 0 { return 0 }
    // Groups follow each other, so the first block that reaches there belongs to it.
    var row = try Statement(
      """
      SELECT min(id) FROM blocks WHERE first_group_seq =
        (SELECT first_group_seq FROM blocks WHERE last_seq > ?1 ORDER BY id LIMIT 1)
        AND last_seq >= (SELECT first_group_seq FROM blocks WHERE last_seq > ?1 ORDER BY id LIMIT 1)
      """, on: self)
    row.bind(Int64(bitPattern: sequence), at: 1)
    guard try row.next(on: self), row.value(0) != .null else { return .max }
    return row.integer(0)
  }

  fileprivate func clockEvents() throws(JournalError) -> [ClockEvent] {
    var statement = try Statement(
      "SELECT after_seq, time_ns FROM clock_events ORDER BY rowid", on: self)
    var events: [ClockEvent] = []
    while try statement.next(on: self) {
      events.append(
        ClockEvent(
          afterSequence: UInt64(bitPattern: statement.integer(0)),
          time: Timestamp(nanoseconds: statement.integer(1))))
    }
    return events
  }
}
