internal import LoomCore

/// What is to be known of a ``Store`` before its inputs are taken again.
public struct StoreOutline: Sendable {
  /// What the run is: `finished`, `running` or `recovered`.
  public let state: String
  /// The configuration of the run, as it was given.
  public let configuration: String
  /// The names of the symbols, by their identifiers.
  public let symbols: [String]
  /// The names of the feeds, by their identifiers.
  public let sources: [String]
  /// The names of the features.
  public let featureNames: [String]
  /// The sequences of the first and the last input; nil without any.
  public let sequences: ClosedRange<UInt64>?
  /// The numbers of the first and the last version; nil without any.
  public let versions: ClosedRange<UInt64>?
  /// What a recovered store is known to lack.
  public let gaps: [StoreGap]
  /// What its retention has deleted.
  public let retained: StoreRetained

  /// Looks into the store at `path`, also while it is being written.
  ///
  /// - Complexity: A look at the row of every block.
  /// - Throws: ``JournalError`` where there is none, one of a newer Tickloom, or one of an older that
  ///   kept no inputs.
  public init(path: String) throws(JournalError) {
    do throws(JournalError) { try self.init(Database.reading(path)) } catch {
      throw error.whileReading
    }
  }

  private init(_ database: borrowing Database) throws(JournalError) {
    try StoreSchema.requireInputs(in: database)
    state = try database.text("SELECT state FROM run") ?? ""
    configuration = try database.text("SELECT configuration FROM run") ?? ""
    symbols = try database.names("symbols")
    sources = try database.names("sources")
    featureNames = try Self.featureNames(database)
    sequences = try Self.range("min(first_seq), max(last_seq) FROM blocks", database)
    versions = try Self.range("min(number), max(number) FROM versions", database)
    // An older format has no such table.
    let hasGaps = try database.count("sqlite_schema WHERE name = 'gaps'") > 0
    gaps = hasGaps ? try database.gaps() : []
    retained = try StoreRetained(of: database)
  }

  private static func featureNames(
    _ database: borrowing Database
  ) throws(JournalError) -> [String] {
    var rows = try Statement(
      "SELECT name FROM pragma_table_info('features') WHERE cid >= 2", on: database)
    var names: [String] = []
    while try rows.next(on: database) { names.append(rows.text(0) ?? "") }
    return names
  }

  private static func range(
    _ columns: String, _ database: borrowing Database
  ) throws(JournalError) -> ClosedRange<UInt64>? {
    var row = try Statement("SELECT count(*), \(columns)", on: database)
    guard try row.next(on: database), row.integer(0) > 0 else { return nil }
    let (first, last) = (UInt64(bitPattern: row.integer(1)), UInt64(bitPattern: row.integer(2)))
    return first...max(first, last)
  }
}

extension StoreOutline {
  /// The row of a version in the store at `path`; nil where there is none.
  ///
  /// - Throws: ``JournalError``.
  public static func version(
    _ number: UInt64, path: String
  ) throws(JournalError) -> StoredVersion? {
    do throws(JournalError) {
      let database = try Database.reading(path)
      var row = try Statement(
        "SELECT number, time_ns, hash FROM versions WHERE number = ?", on: database)
      row.bind(Int64(bitPattern: number), at: 1)
      return try row.next(on: database) ? StoredVersion(row) : nil
    } catch {
      throw error.whileReading
    }
  }

  /// The kept matrix of a version in the store at `path`; nil where there is none.
  ///
  /// - Throws: ``JournalError``.
  public static func matrix(
    of version: UInt64, path: String
  ) throws(JournalError) -> StoredMatrix? {
    do throws(JournalError) {
      let database = try Database.reading(path)
      var row = try Statement(
        "SELECT version, symbols, correlation, n_eff FROM matrices WHERE version = ?",
        on: database)
      row.bind(Int64(bitPattern: version), at: 1)
      return try row.next(on: database) ? StoredMatrix(row) : nil
    } catch {
      throw error.whileReading
    }
  }
}
