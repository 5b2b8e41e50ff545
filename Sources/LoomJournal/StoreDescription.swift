public import LoomCore

/// What is in a ``Store``, as far as it can be told without decoding its inputs.
public struct StoreDescription: Sendable {
  /// The bars of one symbol.
  public struct Symbol: Sendable {
    /// Its name.
    public let name: String
    /// How many bars it has.
    public let bars: Int
    /// Its bars with the lowest and the highest time; nil where it has none.
    public let times: ClosedRange<Timestamp>?
  }

  /// The number of its format.
  public let format: Int
  /// What the run is: `finished` or `running`.
  public let state: String
  /// The length of a bar, as text.
  public let timeframe: String
  /// The configuration of the run, as text.
  public let configuration: String
  /// The symbols in order of their identifiers.
  public let symbols: [Symbol]
  /// The names of the feeds in order of their identifiers.
  public let sources: [String]
  /// How many inputs it holds.
  public let inputs: Int
  /// In how many blocks they are.
  public let blocks: Int
  /// The bytes of these blocks.
  public let blockBytes: Int
  /// The sequences of the first and the last input; nil without any.
  public let sequences: ClosedRange<UInt64>?
  /// The lowest and the highest time of an input; nil without any.
  public let times: ClosedRange<Timestamp>?
  /// How many inputs were rejected, and why, in the order of the reasons; only those that occur.
  public let rejects: [(reason: String, count: Int)]
  /// How many bars there are.
  public let bars: Int
  /// How many rows of features there are.
  public let featureRows: Int
  /// How many features are in a row.
  public let features: Int
  /// How many versions there are, and of how many the matrix was kept.
  public let versions: (count: Int, matrices: Int)
  /// The number and the time of the last version; nil without any.
  public let lastVersion: (number: UInt64, time: Timestamp)?
  /// The parts that were written in one go; none in an older format.
  public let parts: [StorePart]
  /// The bytes of the file.
  public let fileBytes: Int
  /// The bytes of the log beside it, which goes when the run is finished.
  public let logBytes: Int

  /// Looks into the store at `path`, also while it is being written.
  ///
  /// - Complexity: O(bars), and one look at the row of every block.
  /// - Throws: ``JournalError`` where there is none, or one of a newer Tickloom, or a damaged one.
  public init(path: String) throws(JournalError) {
    do throws(JournalError) {
      try self.init(Database.reading(path))
    } catch {
      throw error.whileReading
    }
  }

  private init(_ database: borrowing Database) throws(JournalError) {
    format = try database.integer("PRAGMA user_version") ?? 0
    state = try database.text("SELECT state FROM run") ?? ""
    timeframe = try database.text("SELECT timeframe FROM run") ?? ""
    configuration = try database.text("SELECT configuration FROM run") ?? ""
    symbols = try Self.symbols(database)
    sources = try Self.names(database)
    bars = symbols.reduce(0) { $0 + $1.bars }
    featureRows = try database.count("features")
    features = try (database.integer("SELECT count(*) FROM pragma_table_info('features')") ?? 2) - 2
    versions = try (database.count("versions"), database.count("matrices"))
    lastVersion = try Self.lastVersion(database)
    rejects = try Self.rejects(database)
    let found = try Self.inputs(database)
    (inputs, blocks, blockBytes) = (found.inputs, found.blocks, found.bytes)
    (sequences, times) = (found.sequences, found.times)
    parts = try database.parts()
    fileBytes = StoreFile.size(database.path)
    logBytes = StoreFile.size(database.path + "-wal")
    try database.requireUndisturbed()
  }
}

extension StoreDescription {
  private static func symbols(_ database: borrowing Database) throws(JournalError) -> [Symbol] {
    var rows = try Statement(
      """
      SELECT name, count(start_ns), min(start_ns), max(start_ns)
      FROM symbols LEFT JOIN bars ON bars.symbol = symbols.id GROUP BY symbols.id
      """, on: database)
    var symbols: [Symbol] = []
    while try rows.next(on: database) {
      let bars = Int(rows.integer(1))
      symbols.append(
        Symbol(
          name: rows.text(0) ?? "", bars: bars, times: bars > 0 ? Self.times(rows, 2) : nil))
    }
    return symbols
  }

  private static func names(_ database: borrowing Database) throws(JournalError) -> [String] {
    var rows = try Statement("SELECT name FROM sources ORDER BY id", on: database)
    var names: [String] = []
    while try rows.next(on: database) { names.append(rows.text(0) ?? "") }
    return names
  }

  private static func rejects(
    _ database: borrowing Database
  ) throws(JournalError) -> [(reason: String, count: Int)] {
    var rows = try Statement(
      "SELECT reason, count(*) FROM rejects GROUP BY reason ORDER BY reason", on: database)
    var rejects: [(reason: String, count: Int)] = []
    while try rows.next(on: database) {
      let reason = RejectReason(rawValue: UInt8(clamping: rows.integer(0)))
      rejects.append((reason?.name ?? "reason \(rows.integer(0))", Int(rows.integer(1))))
    }
    return rejects
  }

  private static func lastVersion(
    _ database: borrowing Database
  ) throws(JournalError) -> (number: UInt64, time: Timestamp)? {
    var row = try Statement(
      "SELECT number, time_ns FROM versions ORDER BY number DESC LIMIT 1", on: database)
    guard try row.next(on: database) else { return nil }
    return (UInt64(bitPattern: row.integer(0)), Timestamp(nanoseconds: row.integer(1)))
  }

  private struct Inputs {
    var (inputs, blocks, bytes) = (0, 0, 0)
    var sequences: ClosedRange<UInt64>?
    var times: ClosedRange<Timestamp>?
  }

  private static func inputs(_ database: borrowing Database) throws(JournalError) -> Inputs {
    var inputs = Inputs()
    // An older format has no inputs.
    if try database.count("sqlite_schema WHERE name = 'blocks'") == 0 { return inputs }
    var row = try Statement(
      """
      SELECT count(*), sum(count), sum(length(block)), min(first_seq), max(last_seq),
        min(first_time_ns), max(last_time_ns)
      FROM blocks
      """, on: database)
    guard try row.next(on: database), row.integer(0) > 0 else { return inputs }
    inputs.blocks = Int(row.integer(0))
    inputs.inputs = Int(row.integer(1))
    inputs.bytes = Int(row.integer(2))
    let (first, last) = (UInt64(bitPattern: row.integer(3)), UInt64(bitPattern: row.integer(4)))
    inputs.sequences = first...max(first, last)
    inputs.times = times(row, 5)
    return inputs
  }

  /// The times of two columns; a damaged store may have them in any order.
  private static func times(_ row: borrowing Statement, _ column: Int32) -> ClosedRange<Timestamp> {
    let (first, last) = (row.integer(column), row.integer(column + 1))
    return Timestamp(nanoseconds: first)...Timestamp(nanoseconds: max(first, last))
  }
}

extension Database {
  /// How many rows there are.
  func count(_ table: String) throws(JournalError) -> Int {
    try integer("SELECT count(*) FROM \(table)") ?? 0
  }
}
