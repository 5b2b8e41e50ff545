internal import LoomCore
internal import LoomSystem

/// A snapshot as a store holds it: a state, and the results that came before it.
public struct StoredSnapshot: Sendable {
  /// The state and the input after which it was taken.
  public let snapshot: StoreSnapshot
  /// How many bars came of the inputs up to there.
  public let bars: Int
  /// How many rows of features.
  public let features: Int
  /// The last version.
  public let versions: UInt64
  /// How many moves of the market clock there were.
  public let clockEvents: Int

  /// Most bytes of a state: far more than one of 16,384 symbols has.
  private static let maximumBytes = 64 << 30

  /// What is selected of a row.
  static let columns = "seq, bars, features, versions, clock_events, time_ns, state"

  /// The snapshot of the row at which `row` stands; nil where its state is damaged or deleted.
  init?(_ row: borrowing Statement) {
    let frame = row.withBytes(6) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
    guard !frame.isEmpty, let state = ZstdFrame.unpack(frame, maximum: Self.maximumBytes) else {
      return nil
    }
    snapshot = StoreSnapshot(
      sequence: UInt64(bitPattern: row.integer(0)), state: state,
      passedClockEvents: Int(row.integer(4)), time: Timestamp(nanoseconds: row.integer(5)))
    (bars, features) = (Int(row.integer(1)), Int(row.integer(2)))
    versions = UInt64(bitPattern: row.integer(3))
    clockEvents = Int(row.integer(4))
  }

  /// The first snapshot of the store at `path` behind which all inputs are there; nil without any.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isUsable: Whether a snapshot can be used.
  /// - Returns: The snapshot.
  /// - Throws: ``JournalError``.
  public static func oldest(
    in path: String, where isUsable: (StoreSnapshot) -> Bool
  ) throws(JournalError) -> StoredSnapshot? {
    try first(in: path, before: .max, "ASC", isUsable)
  }

  /// The last such snapshot that was taken before a version came out; nil without any.
  ///
  /// - Parameters:
  ///   - version: The version.
  ///   - path: The file.
  ///   - isUsable: Whether a snapshot can be used.
  /// - Returns: The snapshot.
  /// - Throws: ``JournalError``.
  public static func newest(
    before version: UInt64, in path: String, where isUsable: (StoreSnapshot) -> Bool
  ) throws(JournalError) -> StoredSnapshot? {
    try first(in: path, before: version, "DESC", isUsable)
  }

  private static func first(
    in path: String, before version: UInt64, _ order: String, _ isUsable: (StoreSnapshot) -> Bool
  ) throws(JournalError) -> StoredSnapshot? {
    do throws(JournalError) {
      let database = try Database.reading(path)
      // An older format has no such table.
      if try database.count("sqlite_schema WHERE name = 'snapshots'") == 0 { return nil }
      let retained = try StoreRetained(of: database)
      var rows = try Statement(
        """
        SELECT \(columns) FROM snapshots WHERE versions < ?1 AND seq >= ?2
          AND clock_events >= ?3 AND seq <= (SELECT max(last_seq) FROM blocks)
        ORDER BY seq \(order)
        """, on: database)
      rows.bind(Int64(clamping: version), at: 1)
      rows.bind(Int64(bitPattern: retained.inputs), at: 2)
      rows.bind(Int64(retained.clockEvents), at: 3)
      while try rows.next(on: database) {
        if let found = StoredSnapshot(rows), isUsable(found.snapshot) { return found }
      }
      return nil
    } catch { throw error.whileReading }
  }
}
