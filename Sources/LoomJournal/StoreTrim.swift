internal import LoomCore

/// Deletes what the retention of a ``Store`` does not keep, a bounded part with each batch.
///
/// A snapshot tells which rows of every table came of the inputs before it, and when that was; so it
/// is the border of what goes, and what is left begins where a run can be taken up.
struct StoreTrim: Sendable {
  /// How far the rows of one kind of table may go.
  private struct Border {
    var sequence: Int64
    var bars: Int64
    var features: Int64
    var versions: Int64
    var clockEvents: Int64
  }

  /// A table, and the row before which its rows go.
  private struct Share {
    let table: DigestedTable
    let border: Int64
    let sequence: Int64
  }

  private let retention: StoreRetention
  /// Inputs up to here may go; 0 for none.
  private var lastInput: Int64 = 0
  private var shares: [Share] = []
  /// The last row of each table when the last step was made.
  private var lastRows: [DigestedTable: Int64] = [:]

  /// Blocks that a step deletes where the batch has added none: a group of inputs has fewer.
  private static let fewestBlocks: Int64 = 64

  init(_ retention: StoreRetention) { self.retention = retention }

  /// Looks what may go, now that there is a snapshot of that time.
  mutating func begin(
    at time: Timestamp, on database: borrowing Database
  ) throws(JournalError) {
    if retention.keepsEverything || time == .distantPast { return }
    func border(_ kind: StoreRetention.Kind) throws(JournalError) -> Border? {
      guard let span = retention[kind] else { return nil }
      let (cut, isBefore) = time.nanoseconds.subtractingReportingOverflow(span.count)
      return isBefore ? nil : try Self.border(at: cut, on: database)
    }
    let ticks = try border(.ticks)
    (shares, lastInput) = ([], 0)
    if let ticks {
      lastInput = ticks.sequence
      shares.append(Share(table: .rejects, border: ticks.sequence, sequence: ticks.sequence))
    }
    if let bars = try border(.bars) {
      shares.append(Share(table: .bars, border: bars.bars, sequence: bars.sequence))
    }
    if let features = try border(.features) {
      shares.append(
        Share(table: .features, border: features.features, sequence: features.sequence))
    }
    if let versions = try border(.versions) {
      shares.append(
        Share(table: .versions, border: versions.versions, sequence: versions.sequence))
    }
    // Without them the inputs behind the oldest snapshot would give something else.
    if let events = try border(.events), let ticks {
      let both = min(events.clockEvents, ticks.clockEvents)
      shares.append(
        Share(
          table: .clockEvents, border: both, sequence: min(events.sequence, ticks.sequence)))
    }
    try forgetSnapshots(on: database)
  }

  /// Forgets snapshots without their inputs that are no border any more, as later ones are.
  private func forgetSnapshots(on database: borrowing Database) throws(JournalError) {
    let limited = StoreRetention.Kind.allCases.count { retention[$0] != nil }
    let borders = shares.map(\.sequence)
    guard borders.count == limited, let first = borders.min() else { return }
    let older = "seq < \(first) AND length(state) = 0"
    try database.execute(
      """
      DELETE FROM digests WHERE kind = 'snapshots'
        AND first_row IN (SELECT seq FROM snapshots WHERE \(older));
      DELETE FROM snapshots WHERE \(older);
      """)
  }

  /// The newest snapshot as old as `time`.
  private static func border(
    at time: Int64, on database: borrowing Database
  ) throws(JournalError) -> Border? {
    var row = try Statement(
      """
      SELECT seq, bars, features, versions, clock_events FROM snapshots WHERE time_ns <= ?
      ORDER BY seq DESC LIMIT 1
      """, on: database)
    row.bind(time, at: 1)
    guard try row.next(on: database) else { return nil }
    return Border(
      sequence: row.integer(0), bars: row.integer(1), features: row.integer(2),
      versions: row.integer(3), clockEvents: row.integer(4))
  }

  /// Deletes as much as twice what the batch has added, so that the store does not grow, and never
  /// more than a commit has time for.
  mutating func step(
    _ digests: inout DigestWriter, on database: borrowing Database
  ) throws(JournalError) {
    if lastInput > 0 {
      let room = max(Self.fewestBlocks, 2 * added(.blocks, digests.blocks))
      if try !trimInputs(atMost: room, &digests, on: database) { lastInput = 0 }
    }
    var left: [Share] = []
    for share in shares {
      guard let digest = digests.digest(of: share.table), let rows = share.table.rowsPerDigest
      else { continue }
      let groups = 1 + 2 * added(share.table, digest) / Int64(rows)
      if try trim(share, atMost: groups, &digests, on: database) { left.append(share) }
    }
    shares = left
    if shares.isEmpty && lastInput == 0 {
      lastRows = [:]
    }
  }

  private mutating func added(_ table: DigestedTable, _ digest: RowDigest) -> Int64 {
    defer { lastRows[table] = digest.lastRow }
    return max(0, digest.lastRow - (lastRows[table] ?? digest.lastRow))
  }

  // MARK: Rows

  /// Deletes the rows of the first full digests before the border; whether there may be more.
  ///
  /// The row at the border stays: the next one gets the number behind the last that is there.
  private func trim(
    _ share: Share, atMost groups: Int64, _ digests: inout DigestWriter,
    on database: borrowing Database
  ) throws(JournalError) -> Bool {
    let table = share.table.rawValue
    var rows = try Statement(
      """
      SELECT last_row FROM digests WHERE kind = ?1 AND last_row < ?2 AND count >= ?3
      ORDER BY first_row LIMIT ?4
      """, on: database)
    rows.bind(table, at: 1)
    rows.bind(share.border, at: 2)
    rows.bind(Int64(share.table.rowsPerDigest ?? 0), at: 3)
    rows.bind(groups, at: 4)
    var (last, count): (Int64, Int64) = (0, 0)
    while try rows.next(on: database) {
      if share.table == .clockEvents, try isNeeded(clockEvent: rows.integer(0), on: database) {
        break
      }
      last = rows.integer(0)
      count += 1
    }
    if count == 0 { return false }
    try database.execute("DELETE FROM \(table) WHERE rowid <= \(last)")
    try database.execute("DELETE FROM digests WHERE kind = '\(table)' AND first_row <= \(last)")
    if share.table == .versions {
      try database.execute("DELETE FROM matrices WHERE version <= \(last)")
      try database.execute("DELETE FROM digests WHERE kind = 'matrices' AND first_row <= \(last)")
    }
    try digests.note(share.table, through: last, inputs: share.sequence, on: database)
    return count == groups
  }

  /// Whether inputs that are there come before a move of the clock, and would give something else
  /// without it.
  private func isNeeded(
    clockEvent row: Int64, on database: borrowing Database
  ) throws(JournalError) -> Bool {
    let after = try database.integer("SELECT after_seq FROM clock_events WHERE rowid = \(row)")
    let gone = try database.integer("SELECT last_seq FROM retained WHERE kind = 'blocks'")
    return after ?? .max > gone ?? 0
  }

  // MARK: Inputs

  /// Deletes the first groups of inputs before the border; whether there may be more.
  private func trimInputs(
    atMost blocks: Int64, _ digests: inout DigestWriter, on database: borrowing Database
  ) throws(JournalError) -> Bool {
    guard let end = try endOfInputs(atMost: blocks, on: database) else { return false }
    guard try digests.cut(.blocks, behind: end.block, on: database) else {
      // What is damaged stays where a verifier finds it.
      return false
    }
    try database.execute("DELETE FROM blocks WHERE id <= \(end.block)")
    try digests.note(.blocks, through: end.block, inputs: end.sequence, on: database)
    // Of no use without the inputs that follow them; when they were is still asked for.
    var older = try Statement(
      "SELECT seq FROM snapshots WHERE seq < ? AND length(state) > 0", on: database)
    older.bind(end.sequence, at: 1)
    var sequences: [Int64] = []
    while try older.next(on: database) { sequences.append(older.integer(0)) }
    for sequence in sequences {
      try database.execute("UPDATE snapshots SET state = x'' WHERE seq = \(sequence)")
      try digests.rewrite(.snapshots, row: sequence, on: database)
    }
    return true
  }

  /// The last block of the last group that goes with this step, and its last input.
  private func endOfInputs(
    atMost blocks: Int64, on database: borrowing Database
  ) throws(JournalError) -> (block: Int64, sequence: Int64)? {
    // The digest of the last ones is still being made.
    let full = try database.integer(
      """
      SELECT max(last_row) FROM digests WHERE kind = 'blocks'
        AND count >= \(DigestedTable.blocks.rowsPerDigest ?? 0)
      """)
    var rows = try Statement(
      "SELECT id, first_group_seq, last_seq FROM blocks ORDER BY id", on: database)
    var found: (block: Int64, sequence: Int64)?
    var (group, last, block): (Int64, Int64, Int64) = (-1, 0, 0)
    var count: Int64 = 0
    while try rows.next(on: database) {
      if rows.integer(1) != group {
        if group >= 0 {
          if last > lastInput || block > full ?? 0 { break }
          found = (block, last)
          if count >= blocks { break }
        }
        (group, last) = (rows.integer(1), 0)
      }
      (block, last) = (rows.integer(0), max(last, rows.integer(2)))
      count += 1
    }
    return found
  }
}
