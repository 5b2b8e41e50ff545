/// What the retention of a store has deleted: the first rows of its tables, by their numbers.
public struct StoreRetained: Hashable, Sendable {
  /// The last input that is gone, and all before it are; 0 for none.
  public private(set) var inputs: UInt64 = 0
  /// How many of the rejected inputs are gone, by the sequence of the last.
  public private(set) var rejects: UInt64 = 0
  /// How many bars.
  public private(set) var bars = 0
  /// How many rows of features.
  public private(set) var features = 0
  /// The last version.
  public private(set) var versions: UInt64 = 0
  /// How many moves of the market clock.
  public private(set) var clockEvents = 0

  /// Nothing was deleted.
  public init() {}

  init(of database: borrowing Database) throws(JournalError) {
    // An older format has no such table.
    if try database.count("sqlite_schema WHERE name = 'retained'") == 0 { return }
    var rows = try Statement("SELECT kind, last_row, last_seq FROM retained", on: database)
    while try rows.next(on: database) {
      let last = rows.integer(1)
      switch rows.text(0).flatMap(DigestedTable.init(rawValue:)) {
      case .blocks: inputs = UInt64(bitPattern: rows.integer(2))
      case .rejects: rejects = UInt64(bitPattern: last)
      case .bars: bars = Int(last)
      case .features: features = Int(last)
      case .versions: versions = UInt64(bitPattern: last)
      case .clockEvents: clockEvents = Int(last)
      default: continue
      }
    }
  }

  /// The last bar, row of features, version and move of the clock; 0 for none.
  var lastRows: [Int64] {
    [Int64(bars), Int64(features), Int64(bitPattern: versions), Int64(clockEvents)]
  }

  /// Whether all is still there.
  public var isNothing: Bool { self == StoreRetained() }
}
