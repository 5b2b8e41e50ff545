public import LoomCore

/// Reads the bars of a ``Store``, also while it is being written.
///
/// One thread at a time.
public struct StoreReader: ~Copyable, Sendable {
  /// The names of the symbols, by the identifiers of the bars.
  public let symbols: [String]
  /// The names of the feeds, by the identifiers of the bars.
  public let sources: [String]
  /// The length of a bar.
  public let timeframe: Timeframe
  /// Whether the run was finished.
  public let isFinished: Bool

  private let database: Database
  private var bars: Statement
  private var isAtEnd = false

  /// Opens the store at `path`.
  ///
  /// - Throws: ``JournalError`` where there is none, or one of a newer Tickloom.
  public init(path: String) throws(JournalError) {
    do throws(JournalError) { try self.init(opening: path) } catch { throw error.whileReading }
  }

  private init(opening path: String) throws(JournalError) {
    let database = try Database.reading(path)
    let text = try database.text("SELECT timeframe FROM run") ?? ""
    guard let timeframe = Timeframe(text) else { throw .notAStore(path: path) }
    let isFinished = try database.text("SELECT state FROM run") == "finished"
    let symbols = try database.names("symbols")
    let sources = try database.names("sources")
    let bars = try Statement(
      """
      SELECT start_ns, symbol, source, revision, open, high, low, close, volume, vwap,
        spread_estimate, tick_count, gap_slots, first_seq, last_seq
      FROM bars ORDER BY start_ns, symbol, revision
      """, on: database)
    self.timeframe = timeframe
    self.isFinished = isFinished
    self.symbols = symbols
    self.sources = sources
    self.bars = bars
    self.database = database
  }

  /// Replaces the contents of `batch` by the next bars, at most `count`, in order of time, then of
  /// symbol; false after the last.
  ///
  /// - Throws: ``JournalError`` where the file cannot be read.
  public mutating func read(_ count: Int, into batch: inout [Bar]) throws(JournalError) -> Bool {
    batch.removeAll(keepingCapacity: true)
    // A statement that has ended would begin again.
    while !isAtEnd, batch.count < count {
      do throws(JournalError) { isAtEnd = try !bars.next(on: database) } catch {
        throw error.whileReading
      }
      if !isAtEnd { batch.append(Bar(bars)) }
    }
    try database.requireUndisturbed()
    return !batch.isEmpty
  }
}

extension Database {
  private static let mostNamesLost: Int64 = 1 << 20

  /// The names of a table by their identifiers, which count from 0.
  func names(_ table: String) throws(JournalError) -> [String] {
    var statement = try Statement("SELECT id, name FROM \(table) ORDER BY id", on: self)
    var names: [String] = []
    while try statement.next(on: self) {
      let id = statement.integer(0)
      // Some may be lost; but what damage has made of a number fills no memory.
      guard id >= names.count, id - Int64(names.count) <= Self.mostNamesLost else {
        throw .unreadable(path: path, reason: "its \(table) have impossible numbers")
      }
      while names.count < id { names.append("") }
      names.append(statement.text(1) ?? "")
    }
    return names
  }
}

extension Bar {
  /// The bar of the row at which `row` stands.
  init(_ row: borrowing Statement) {
    self.init(
      start: Timestamp(nanoseconds: row.integer(0)),
      symbol: SymbolID(rawValue: UInt32(clamping: row.integer(1))),
      source: SourceID(rawValue: UInt16(clamping: row.integer(2))),
      revision: UInt16(clamping: row.integer(3)), open: row.number(4), high: row.number(5),
      low: row.number(6), close: row.number(7), volume: row.number(8), vwap: row.number(9),
      spreadEstimate: row.number(10), tickCount: row.integer(11), gapSlots: row.integer(12),
      firstSequence: UInt64(bitPattern: row.integer(13)),
      lastSequence: UInt64(bitPattern: row.integer(14)))
  }
}
