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
  /// What the retention of the store has deleted, also of the clock's moves.
  public let retained: StoreRetained
  /// How many inputs there are.
  public let count: Int

  private var database: Database
  private var blocks: Statement
  private var decoder: BlockDecoder
  /// The block that was taken last, and the last that was there when the store was opened.
  private var block: (taken: Int64, last: Int64)
  /// The sequence that comes next; nil before the first group.
  private var next: UInt64?
  /// Why nothing can be read any more, once everything before was.
  private var failure: JournalError?
  /// What the store is known to lack, which is passed over.
  private let gaps: [StoreGap]
  /// Ticks of a group, by symbol.
  private var gathered: [SequencedTick] = []
  /// Where among them each stands, by its place in the order.
  private var places: [UInt32] = []

  /// With so many inputs a reading ends at the end of a group.
  ///
  /// Each is a transaction of its own, as the log of a store that is being written cannot start over
  /// as long as somebody reads what it held; to begin one takes as long as to decode a hundred.
  private static let fewestAtOnce = 8192

  /// Opens the store at `path` at its first input, or at the group that holds the one behind
  /// `sequence`.
  ///
  /// - Throws: ``JournalError`` where there is none, one of a newer Tickloom, or one of an older that
  ///   kept no inputs.
  public init(path: String, after sequence: UInt64 = 0) throws(JournalError) {
    do throws(JournalError) {
      try self.init(opening: path, after: sequence, takesLock: false)
    } catch {
      // Somebody may have begun to write it, such as the run that goes on in it and reads it first.
      do throws(JournalError) {
        try self.init(opening: path, after: sequence, takesLock: true)
      } catch { throw error.whileReading }
    }
  }

  private init(
    opening path: String, after sequence: UInt64, takesLock: Bool
  ) throws(JournalError) {
    let database = try Database.reading(path, takesLock: takesLock)
    try StoreSchema.requireInputs(in: database)
    let symbols = try database.names("symbols")
    let sources = try database.names("sources")
    let configuration = try database.text("SELECT configuration FROM run") ?? ""
    let featureNames = Array(try database.columns("features").dropFirst(2))
    let clockEvents = try database.clockEvents()
    let retained = try StoreRetained(of: database)
    let count = try database.integer("SELECT sum(count) FROM blocks") ?? 0
    let last = try database.integer("SELECT max(id) FROM blocks") ?? 0
    let first = try database.firstBlock(after: sequence)
    // An older format has no such table.
    let hasGaps = try database.count("sqlite_schema WHERE name = 'gaps'") > 0
    var gaps: [StoreGap] = []
    if hasGaps { gaps = try database.gaps() }
    try database.execute("COMMIT")
    try database.requireUndisturbed()
    let blocks = try Statement(Self.query, on: database)
    let decoder = try BlockDecoder()
    self.symbols = symbols
    self.sources = sources
    self.configuration = configuration
    self.featureNames = featureNames
    self.clockEvents = clockEvents
    self.retained = retained
    self.count = count
    self.gaps = gaps
    block = (first == .min ? first : first - 1, Int64(last))
    self.decoder = decoder
    self.blocks = blocks
    self.database = database
  }

  private static let query = """
    SELECT id, first_group_seq, first_seq, last_seq, block FROM blocks
    WHERE id > ? AND id <= ? ORDER BY id
    """

  /// The place in ``clockEvents`` behind the first `count` that there ever were: some may be deleted.
  public func placeOfClockEvent(after count: Int) -> Int {
    min(max(0, count - retained.clockEvents), clockEvents.count)
  }

  /// Replaces the contents of `ticks` by the next ones, whole groups of them, in order; false after
  /// the last.
  ///
  /// What is committed after the store was opened is not read.
  ///
  /// - Throws: ``JournalError/damaged(path:sequences:reason:)`` where they are not what was written;
  ///   nothing can be read from there on.
  public mutating func read(into ticks: inout [SequencedTick]) throws(JournalError) -> Bool {
    ticks.removeAll(keepingCapacity: true)
    let begin = (block: block, next: next)
    readGroups(into: &ticks)
    if (try? database.requireUndisturbed()) == nil {
      // Read without a lock, and somebody has begun to write it: once more, with one.
      (block, next) = begin
      failure = nil
      ticks.removeAll(keepingCapacity: true)
      database = try Database.opened(database.path)
      blocks = try Statement(Self.query, on: database)
      readGroups(into: &ticks)
    }
    if let failure, ticks.isEmpty { throw failure }
    return !ticks.isEmpty
  }

  /// Appends the next groups, and takes note of why no more of them can be read.
  private mutating func readGroups(into ticks: inout [SequencedTick]) {
    if failure != nil { return }
    blocks.bind(block.taken, at: 1)
    blocks.bind(block.last, at: 2)
    do throws(JournalError) {
      var hasBlock = try blocks.next(on: database)
      while hasBlock, ticks.count < Self.fewestAtOnce { hasBlock = try readGroup(into: &ticks) }
    } catch { failure = error }
    blocks.reset()
  }

  /// Appends the group whose first block comes next; whether there is another.
  private mutating func readGroup(
    into ticks: inout [SequencedTick]
  ) throws(JournalError) -> Bool {
    let first = UInt64(bitPattern: blocks.integer(1))
    if let next, first > next, !Self.isKnown(next...(first - 1), gaps) {
      throw .damaged(path: database.path, sequences: next...(first - 1), reason: "they are missing")
    }
    gathered.removeAll(keepingCapacity: true)
    var hasBlock = true
    var taken = block.taken
    while hasBlock, UInt64(bitPattern: blocks.integer(1)) == first {
      let status = Self.decode(blocks, by: &decoder, appendingTo: &gathered)
      if status != .ok {
        let (first, last) = (
          UInt64(bitPattern: blocks.integer(2)), UInt64(bitPattern: blocks.integer(3))
        )
        // Damage may have swapped them, too.
        let sequences = min(first, last)...max(first, last)
        throw .damaged(path: database.path, sequences: sequences, reason: status.reason)
      }
      taken = blocks.integer(0)
      hasBlock = try blocks.next(on: database)
    }
    let start = ticks.count
    var isWhole = Self.order(gathered, from: first, by: &places, appendingTo: &ticks)
    if !isWhole {
      isWhole = Self.order(gathered, from: first, around: gaps, appendingTo: &ticks)
    }
    guard isWhole else {
      ticks.removeSubrange(start...)
      let last = first + min(UInt64(max(gathered.count, 1) - 1), .max - first)
      throw .damaged(
        path: database.path, sequences: first...last, reason: "sequences are missing or there twice"
      )
    }
    block.taken = taken
    next = (ticks.last?.sequence ?? first) &+ 1
    return hasBlock
  }

  private static func isKnown(_ missing: ClosedRange<UInt64>, _ gaps: [StoreGap]) -> Bool {
    gaps.contains {
      $0.sequences.lowerBound <= missing.lowerBound && missing.upperBound <= $0.sequences.upperBound
    }
  }

  /// Puts the ticks of a group in order of which some are known to be missing; false elsewhere.
  private static func order(
    _ gathered: borrowing [SequencedTick], from first: UInt64, around gaps: [StoreGap],
    appendingTo ticks: inout [SequencedTick]
  ) -> Bool {
    let start = ticks.count
    for place in gathered.indices { ticks.append(gathered[place]) }
    ticks[start...].sort { $0.sequence < $1.sequence }
    guard ticks.count > start, let last = ticks.last?.sequence, last >= first, last < .max
    else { return false }
    let check = GroupCheck(gathered, expected: first..<(last + 1))
    return check.superfluous == 0 && check.missing.allSatisfy { isKnown($0, gaps) }
  }

  // Static, as the statement's bytes go to the decoder.
  private static func decode(
    _ blocks: borrowing Statement, by decoder: inout BlockDecoder,
    appendingTo ticks: inout [SequencedTick]
  ) -> BlockStatus {
    blocks.withBytes(4) { decoder.decode($0, appendingTo: &ticks) }
  }

  /// Appends the ticks in order; false, and nothing is appended, where they do not fill all places
  /// from `first` on.
  ///
  /// The places are found first, so that each tick is copied once, from streams that are read forwards
  /// to one that is written forwards.
  private static func order(
    _ gathered: borrowing [SequencedTick], from first: UInt64, by places: inout [UInt32],
    appendingTo ticks: inout [SequencedTick]
  ) -> Bool {
    let free = UInt32.max
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: repeatElement(free, count: gathered.count))
    for index in gathered.indices {
      let offset = gathered[index].sequence &- first
      guard offset < UInt64(places.count) else { return false }
      places[Int(offset)] = UInt32(index)
    }
    // There are as many as places, so that one is free where two have the same.
    if places.contains(free) { return false }
    ticks.append(addingCapacity: places.count) { output in
      for place in places { output.append(gathered[Int(place)]) }
    }
    return true
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
    if sequence == 0 { return .min }
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
      // After a crash one may stand behind inputs that are not there.
      """
      SELECT after_seq, time_ns FROM clock_events
      WHERE after_seq <= (SELECT coalesce(max(last_seq), 0) FROM blocks) ORDER BY rowid
      """, on: self)
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
