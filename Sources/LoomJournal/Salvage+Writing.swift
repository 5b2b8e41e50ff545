internal import CLoomJournal
internal import LoomCore
internal import LoomSystem

extension Salvage {
  /// Tables whose rows are copied as they are.
  private static let copied: [DigestedTable] = [
    .symbols, .sources, .clockEvents, .rejects, .bars, .features, .versions, .matrices,
    // No snapshots: rows that are lost move those that they stand behind.
    .manifest, .positions, .counters, .changes,
  ]

  /// Writes everything into the empty file at `path`.
  func write(
    to path: String, _ cancellation: Cancellation?, _ report: inout StoreRecovery.Report,
    _ onProgress: (Double, Int) -> Void
  ) throws(JournalError) {
    let target = try StoreFile.recovered(path: path, featureNames: featureNames(), run: run())
    for table in Self.copied {
      let count = try copy(table, to: target, cancellation, &report)
      report.rows.append((table.rawValue, count))
    }
    try writeBlocks(to: target, cancellation, &report, onProgress)
    try write(report.gaps, to: target)
    var digests = try DigestWriter(on: target)
    for table in DigestedTable.allCases { try digests.rebuild(table, on: target) }
    try target.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
  }

  private func run() -> (timeframe: String, configuration: String) {
    if !isReadable { return ("unknown", "") }
    return (
      (try? database.text("SELECT timeframe FROM run")) ?? "unknown",
      (try? database.text("SELECT configuration FROM run")) ?? ""
    )
  }

  private func featureNames() -> [String] {
    guard isReadable,
      var rows = try? Statement(
        "SELECT name FROM pragma_table_info('features') WHERE cid >= 2", on: database)
    else { return [] }
    var names: [String] = []
    while (try? rows.next(on: database)) == true { names.append(rows.text(0) ?? "") }
    return names
  }

  /// Copies the rows that SQLite can read; returns how many.
  private func copy(
    _ table: DigestedTable, to target: borrowing Database, _ cancellation: Cancellation?,
    _ report: inout StoreRecovery.Report
  ) throws(JournalError) -> Int {
    guard isReadable, var walk = try? RowWalk("*", of: table.rawValue, on: database) else {
      return 0
    }
    let places = Array(repeating: "?", count: Int(walk.rows.columnCount) - 1)
    let sql = "INSERT INTO \(table.rawValue) VALUES (\(places.joined(separator: ",")))"
    // A table of other columns than ours is none of ours.
    guard var insert = try? Statement(sql, on: target) else { return 0 }
    var count = 0
    while let found = try walk.next(on: database) {
      switch found {
      case .unreadable(let rows, let reason):
        report.add(StoreFinding(place: .rows(table: table.rawValue, rows), reason: reason))
      case .row:
        insert.bindColumns(from: 1, of: walk.rows)
        do throws(JournalError) {
          try insert.run(on: target)
          count += 1
        } catch {
          // A changed row may break the rules of its table; a full disk is another matter.
          guard error.isConstraint else { throw error }
          let row = walk.rows.integer(0)
          report.add(
            StoreFinding(place: .rows(table: table.rawValue, row...row), reason: "it is lost"))
        }
      }
      if count % 4096 == 0, cancellation?.isRequested == true { throw .cancelled }
    }
    return count
  }

  private func writeBlocks(
    to target: borrowing Database, _ cancellation: Cancellation?,
    _ report: inout StoreRecovery.Report, _ onProgress: (Double, Int) -> Void
  ) throws(JournalError) {
    var insert = try Statement("INSERT INTO blocks VALUES (?,?,?,?,?,?,?,?,?,?)", on: target)
    var decoder = try BlockDecoder()
    var group: [SequencedTick] = []
    for (place, found) in blocks.enumerated() {
      if place > 0, blocks[place - 1].group != found.group {
        report.add(group, of: blocks[place - 1].group, before: found.group)
        group.removeAll(keepingCapacity: true)
      }
      let bytes = try contents(of: found)
      let block = unsafe bytes.span.bytes
      if decoder.decode(block, appendingTo: &group) == .ok {
        insert.bind(Int64(place) + 1, of: found.group, BlockHeader(found.header), block)
        try insert.run(on: target)
      }
      onProgress(0.6 + 0.4 * Double(place) / Double(blocks.count), report.inputs)
      if cancellation?.isRequested == true { throw .cancelled }
    }
    if let last = blocks.last {
      let end = max(lastSequence() ?? 0, group.lazy.map(\.sequence).max() ?? last.group)
      report.add(group, of: last.group, before: end + 1)
    }
    // A chain that begins within tells that something stood before.
    if let first = blocks.first, first.group > 1,
      first.header.previous.low != 0 || first.header.previous.high != 0
    {
      let lost = StoreGap(sequences: 1...(first.group - 1), missing: Int(first.group - 1))
      report.gaps.insert(lost, at: 0)
    }
  }

  /// The sequence that the store ended with, as far as an index still tells.
  private func lastSequence() -> UInt64? {
    guard isReadable,
      let last = try? database.integer("SELECT max(last_seq) FROM blocks")
    else { return nil }
    // Of a damaged number only one is believed that the bars know as well.
    let bars = (try? database.integer("SELECT max(last_seq) FROM bars")) ?? 0
    return UInt64(max(0, min(last, max(bars + BlockEncoder.groupMaximum, 0))))
  }

  private func contents(of found: Found) throws(JournalError) -> [UInt8] {
    if let raw = found.raw { return pages.contents(of: raw) ?? [] }
    var row = try Statement("SELECT block FROM blocks WHERE id = ?", on: database)
    row.bind(found.id, at: 1)
    guard try row.next(on: database) else { return [] }
    return row.withBytes(0) { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
  }

  private func write(_ gaps: [StoreGap], to target: borrowing Database) throws(JournalError) {
    var insert = try Statement("INSERT OR IGNORE INTO gaps VALUES (?,?,?)", on: target)
    for gap in gaps {
      insert.bind(Int64(bitPattern: gap.sequences.lowerBound), at: 1)
      insert.bind(Int64(bitPattern: gap.sequences.upperBound), at: 2)
      insert.bind(Int64(gap.missing), at: 3)
      try insert.run(on: target)
    }
  }
}

extension StoreRecovery.Report {
  /// What verifying has found already is not told twice.
  fileprivate mutating func add(_ finding: StoreFinding) {
    if !findings.contains(where: { $0.place == finding.place }) { findings.append(finding) }
  }

  /// Counts the inputs of the group that begins at `first`, and what is missing before `end`.
  fileprivate mutating func add(
    _ group: borrowing [SequencedTick], of first: UInt64, before end: UInt64
  ) {
    inputs += group.count
    let missing = GroupCheck(group, expected: first..<max(first, end)).missing
    guard let start = missing.first, let last = missing.last else { return }
    if missing.count <= 8 {
      gaps += missing.map { StoreGap(sequences: $0, missing: $0.count) }
    } else {
      // The inputs of a lost block alternate with those of other symbols.
      let count = missing.reduce(0) { $0 + $1.count }
      gaps.append(StoreGap(sequences: start.lowerBound...last.upperBound, missing: count))
    }
  }
}
