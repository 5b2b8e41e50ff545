public import LoomSystem

/// Looks for everything in a store that is not what was written.
///
/// SQLite's own check finds broken pages and indexes, digests of rows find changed numbers and
/// texts, and every block of inputs is decoded. A store that is being written is verified as it is
/// at one moment.
public struct StoreVerifier: ~Copyable {
  /// How far it is.
  public struct Progress: Sendable {
    /// Rows and inputs that were looked at.
    public var done: Int
    /// All there are.
    public var total: Int
  }

  private let database: Database
  private let cancellation: Cancellation?
  private let onProgress: (Progress) -> Void
  private var progress = Progress(done: 0, total: 0)
  private var report = StoreVerification()

  /// Verifies the store at `path`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - cancellation: Ends it with ``JournalError/cancelled``.
  ///   - onProgress: Is called now and then.
  /// - Returns: What was found.
  /// - Throws: ``JournalError`` where there is no store to look at.
  /// - Complexity: O(inputs + rows).
  public static func verify(
    path: String, cancellation: Cancellation? = nil, onProgress: (Progress) -> Void = { _ in }
  ) throws(JournalError) -> StoreVerification {
    do throws(JournalError) {
      return try withoutActuallyEscaping(onProgress) { progress throws(JournalError) in
        var verifier = try StoreVerifier(path, cancellation, progress)
        return try verifier.verify()
      }
    } catch {
      guard StoreFile.isDamagedStore(path, error) else { throw error.whileReading }
      var report = StoreVerification()
      report.findings.append(StoreFinding(place: .file, reason: error.reason))
      report.add(lostFrames: LogCheck.lostFrames(of: path))
      return report
    }
  }

  private init(
    _ path: String, _ cancellation: Cancellation?, _ onProgress: @escaping (Progress) -> Void
  ) throws(JournalError) {
    database = try Database.reading(path)
    self.cancellation = cancellation
    self.onProgress = onProgress
  }

  private mutating func verify() throws(JournalError) -> StoreVerification {
    report.hasDigests = try database.count("sqlite_schema WHERE name = 'digests'") > 0
    measure()
    checkStructure()
    for table in DigestedTable.allCases where report.hasDigests {
      if try isThere(table) { try check(table) }
    }
    try find(at: .table("blocks")) { verifier throws(JournalError) in try verifier.checkBlocks() }
    report.add(lostFrames: LogCheck.lostFrames(whileReading: database))
    try database.requireUndisturbed()
    return report
  }

  /// Whether the store has it, or should: an older format has fewer tables.
  private func isThere(_ table: DigestedTable) throws(JournalError) -> Bool {
    if table.format <= 3 { return true }
    if try database.count("digests WHERE kind = '\(table.rawValue)'") > 0 { return true }
    return try database.count("sqlite_schema WHERE name = '\(table.rawValue)'") > 0
  }

  /// What cannot be counted is found damaged later.
  private mutating func measure() {
    let rows = try? database.integer("SELECT sum(count) FROM digests")
    let inputs = try? database.integer("SELECT sum(count) FROM blocks")
    progress.total = (rows ?? 0) &+ (inputs ?? 0)
  }

  private mutating func advance(_ count: Int) throws(JournalError) {
    progress.done += count
    onProgress(progress)
    if cancellation?.isRequested == true { throw .cancelled }
  }

  /// SQLite's own check of its pages, and of the indexes against their tables.
  private mutating func checkStructure() {
    do throws(JournalError) {
      try database.execute("PRAGMA cell_size_check = ON")
      var rows = try Statement("PRAGMA integrity_check(1000)", on: database)
      while try rows.next(on: database) {
        for line in (rows.text(0) ?? "").split(separator: "\n") where line != "ok" {
          if line.hasPrefix("***") { continue }
          report.findings.append(StoreFinding(place: .file, reason: String(line)))
        }
      }
    } catch {
      report.findings.append(StoreFinding(place: .file, reason: error.reason))
    }
  }

  /// Rows that cannot be read are a finding, memory that is short or a wish to stop is not.
  private mutating func find(
    at place: StoreFinding.Place, _ body: (inout Self) throws(JournalError) -> Void
  ) throws(JournalError) {
    do throws(JournalError) {
      try body(&self)
    } catch {
      switch error {
      case .cancelled, .outOfMemory: throw error
      default: report.findings.append(StoreFinding(place: place, reason: error.reason))
      }
    }
  }
}

extension StoreVerifier {
  private mutating func check(_ table: DigestedTable) throws(JournalError) {
    let place = StoreFinding.Place.table(table.rawValue)
    try find(at: place) { verifier throws(JournalError) in
      if table.rowsPerDigest == nil { return try verifier.checkWhole(table) }
      try verifier.checkParts(table)
    }
  }

  private mutating func checkWhole(_ table: DigestedTable) throws(JournalError) {
    let place = StoreFinding.Place.table(table.rawValue)
    let expected = try database.text(
      "SELECT digest FROM digests WHERE kind = '\(table.rawValue)'")
    let digest = try table.digest(of: database)
    if digest.value.description != expected {
      report.findings.append(StoreFinding(place: place, reason: Self.changed(expected)))
    }
    report.rows += digest.count
    try advance(digest.count)
  }

  private static func changed(_ expected: String?) -> String {
    expected == nil ? "there is no digest of it" : "its digest differs"
  }

  private struct Part {
    var rows: ClosedRange<Int64>
    var count: Int64
    var digest: String
  }

  private func parts(of table: DigestedTable) throws(JournalError) -> [Part] {
    var statement = try Statement(
      """
      SELECT first_row, last_row, count, digest FROM digests WHERE kind = '\(table.rawValue)'
      ORDER BY first_row
      """, on: database)
    var parts: [Part] = []
    while try statement.next(on: database) {
      let first = statement.integer(0)
      parts.append(
        Part(
          rows: first...max(first, statement.integer(1)), count: statement.integer(2),
          digest: statement.text(3) ?? ""))
    }
    return parts
  }

  private mutating func checkParts(_ table: DigestedTable) throws(JournalError) {
    let parts = try parts(of: table)
    var rows = try Statement(table.query, on: database)
    for part in parts {
      let place = StoreFinding.Place.rows(table: table.rawValue, part.rows)
      let digest = RowDigest()
      try find(at: place) { verifier throws(JournalError) in
        try Self.read(part.rows, from: &rows, into: digest, verifier.database)
        if digest.count == part.count && digest.value.description == part.digest { return }
        let reason =
          digest.count == part.count
          ? "their digest differs" : "there are \(digest.count) of \(part.count)"
        verifier.report.findings.append(StoreFinding(place: place, reason: reason))
      }
      report.rows += digest.count
      try advance(digest.count)
    }
    try checkRest(of: table, parts)
  }

  private static func read(
    _ range: ClosedRange<Int64>, from rows: inout Statement, into digest: RowDigest,
    _ database: borrowing Database
  ) throws(JournalError) {
    rows.reset()
    rows.bind(range.lowerBound, at: 1)
    rows.bind(range.upperBound, at: 2)
    while try rows.next(on: database) {
      rows.addColumns(from: 1, to: digest)
      digest.endRow(rows.integer(0))
    }
  }

  /// Rows that no digest speaks of were not written by us, or their digest is lost.
  private mutating func checkRest(
    of table: DigestedTable, _ parts: [Part]
  ) throws(JournalError) {
    let known = parts.reduce(0) { $0 &+ $1.count }
    let there = try Int64(database.count("\(table.rawValue) NOT INDEXED"))
    if there == known { return }
    report.findings.append(
      StoreFinding(
        place: .table(table.rawValue), reason: "it has \(there) rows, and digests of \(known)"))
  }
}

extension StoreVerifier {
  private mutating func checkBlocks() throws(JournalError) {
    let hasBlocks = try database.count("sqlite_schema WHERE name = 'blocks'") > 0
    if !hasBlocks && !report.hasDigests { return }
    let gaps = report.hasDigests ? (try? database.gaps()) ?? [] : []
    report.gaps = gaps
    report.retained = (try? StoreRetained(of: database)) ?? StoreRetained()
    var verifier = try BlockVerifier(gaps: gaps)
    var walk = try RowWalk(BlockRow.columns, of: "blocks", on: database)
    while let found = try walk.next(on: database) {
      switch found {
      case .row:
        let before = report.inputs
        verifier.take(walk.rows, &report)
        try advance(report.inputs - before)
      case .unreadable(let ids, let reason):
        verifier.skip()
        let place = StoreFinding.Place.rows(table: "blocks", ids)
        report.findings.append(StoreFinding(place: place, reason: reason))
      }
    }
    verifier.finish(&report)
  }
}

extension StoreVerification {
  fileprivate mutating func add(lostFrames: ClosedRange<Int>?) {
    guard let lostFrames else { return }
    let reason = "what they hold is lost, as the first is damaged"
    findings.append(StoreFinding(place: .log(frames: lostFrames), reason: reason))
  }
}
