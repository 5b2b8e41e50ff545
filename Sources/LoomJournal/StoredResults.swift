public import LoomCore
internal import LoomSystem

/// What a run has put out, as its ``Store`` keeps it: each kind of row in the order of writing.
///
/// All are of one moment, also while the store is being written; what is read of the inputs later
/// holds at least those that these rows came of. One thread at a time.
public struct StoredResults: ~Copyable, Sendable {
  /// How many rows there are of each kind.
  public struct Counts: Hashable, Sendable {
    /// Bars.
    public let bars: Int
    /// Rows of features.
    public let features: Int
    /// Versions.
    public let versions: Int
    /// Versions whose matrix is kept.
    public let matrices: Int
    /// Inputs that were rejected.
    public let rejects: Int

    /// Whether there are none.
    public var isEmpty: Bool { bars + features + versions + matrices + rejects == 0 }
  }

  /// What the run is: `finished`, `running` or `recovered`.
  public let state: String
  /// How many rows there are.
  public let counts: Counts
  private let database: Database
  private let featureCount: Int
  private var bars: Statement
  private var features: Statement
  private var versions: Statement
  private var matrices: Statement
  private var rejects: Statement

  /// What its retention has deleted.
  public let retained: StoreRetained

  /// Opens the store at `path` at the first row of each kind, or at the first behind a snapshot.
  ///
  /// - Throws: ``JournalError`` where there is none, one of a newer Tickloom, or one of an older that
  ///   kept no inputs.
  public init(path: String, behind snapshot: StoredSnapshot? = nil) throws(JournalError) {
    do throws(JournalError) { try self.init(opening: path, behind: snapshot) } catch {
      throw error.whileReading
    }
  }

  private init(
    opening path: String, behind snapshot: StoredSnapshot?
  ) throws(JournalError) {
    let database = try Database.reading(path)
    try StoreSchema.requireInputs(in: database)
    let counts = try Counts(
      bars: database.count("bars"), features: database.count("features"),
      versions: database.count("versions"), matrices: database.count("matrices"),
      rejects: database.count("rejects"))
    let state = try database.text("SELECT state FROM run") ?? ""
    let columns = try database.integer("SELECT count(*) FROM pragma_table_info('features')") ?? 2
    let bars = try Statement(
      """
      SELECT start_ns, symbol, source, revision, open, high, low, close, volume, vwap,
        spread_estimate, tick_count, gap_slots, first_seq, last_seq, log_return_1, is_outlier,
        valid_bar
      FROM bars WHERE rowid > \(snapshot?.bars ?? 0) ORDER BY rowid
      """, on: database)
    let features = try Statement(
      "SELECT * FROM features WHERE rowid > \(snapshot?.features ?? 0) ORDER BY rowid",
      on: database)
    let versions = try Statement(
      """
      SELECT number, time_ns, hash FROM versions
      WHERE number > \(snapshot?.versions ?? 0) ORDER BY number
      """, on: database)
    let matrices = try Statement(
      """
      SELECT version, symbols, correlation, n_eff FROM matrices
      WHERE version > \(snapshot?.versions ?? 0) ORDER BY version
      """, on: database)
    let rejects = try Statement(
      """
      SELECT seq, reason FROM rejects WHERE seq > \(snapshot?.snapshot.sequence ?? 0) ORDER BY seq
      """, on: database)
    retained = try StoreRetained(of: database)
    self.state = state
    self.counts = counts
    featureCount = min(max(0, columns - 2), FeatureRow.maximumCount)
    self.bars = bars
    self.features = features
    self.versions = versions
    self.matrices = matrices
    self.rejects = rejects
    self.database = database
  }

  /// The next bar, nil after the last; of its flags those that are kept, and no cause.
  ///
  /// - Throws: ``JournalError`` where the file cannot be read; so do the others.
  public mutating func nextBar() throws(JournalError) -> CleanBar? {
    guard try Self.step(&bars, database) else { return nil }
    var flags: BarFlags = []
    if bars.integer(16) != 0 { flags.insert(.outlier) }
    if bars.integer(17) != 0 { flags.insert(.valid) }
    return CleanBar(bar: Bar(bars), logReturn: bars.number(15), flags: flags)
  }

  /// The next row of features, nil after the last.
  public mutating func nextFeatures() throws(JournalError) -> FeatureRow? {
    guard try Self.step(&features, database) else { return nil }
    var row = FeatureRow(
      start: Timestamp(nanoseconds: features.integer(0)),
      symbol: SymbolID(rawValue: UInt32(clamping: features.integer(1))), count: featureCount)
    for place in 0..<featureCount { row.values[place] = features.number(Int32(place) + 2) }
    return row
  }

  /// The next version, nil after the last.
  public mutating func nextVersion() throws(JournalError) -> StoredVersion? {
    guard try Self.step(&versions, database) else { return nil }
    return StoredVersion(versions)
  }

  /// The next kept matrix, nil after the last.
  public mutating func nextMatrix() throws(JournalError) -> StoredMatrix? {
    guard try Self.step(&matrices, database) else { return nil }
    return StoredMatrix(matrices)
  }

  /// The next rejected input, nil after the last; its reason is nil where what is stored is none.
  public mutating func nextReject() throws(JournalError) -> (
    sequence: UInt64, reason: RejectReason?
  )? {
    guard try Self.step(&rejects, database) else { return nil }
    return (
      UInt64(bitPattern: rejects.integer(0)),
      RejectReason(rawValue: UInt8(clamping: rejects.integer(1)))
    )
  }

  private static func step(
    _ rows: inout Statement, _ database: borrowing Database
  ) throws(JournalError) -> Bool {
    do throws(JournalError) { return try rows.next(on: database) } catch {
      throw error.whileReading
    }
  }
}

extension StoredVersion {
  /// The version of the row at which `row` stands: its number, time and hash.
  init(_ row: borrowing Statement) {
    self.init(
      number: UInt64(bitPattern: row.integer(0)), time: Timestamp(nanoseconds: row.integer(1)),
      hash: row.text(2).flatMap { Hash128($0) })
  }
}

extension StoredMatrix {
  /// The matrix of the row at which `row` stands: its version, symbols and triangles.
  init(_ row: borrowing Statement) {
    self.init(
      version: UInt64(bitPattern: row.integer(0)),
      symbols: row.withBytes(1) { bytes in
        bytes.numbers(UInt32.self).map { SymbolID(rawValue: $0) }
      },
      correlations: row.withBytes(2) { $0.numbers(UInt64.self).map { Double(bitPattern: $0) } },
      jointRows: row.withBytes(3) { $0.numbers(Int32.self) })
  }
}

extension RawSpan {
  /// The little-endian numbers that these bytes are; what is left over at the end is left out.
  fileprivate func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type
  ) -> [Number] {
    let size = MemoryLayout<Number>.size
    return (0..<byteCount / size).map {
      Number(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: $0 * size, as: Number.self))
    }
  }
}
