import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// A run goes on where its store ends, as if nothing had happened.
struct StoreResumptionTests {
  private func resume(
    _ path: String, usesSnapshot: Bool = true,
    configuration: StoreConfiguration = StoreTests.configuration
  ) throws(JournalError) -> Store {
    try Store(
      resuming: StoreResumption(path: path, usesSnapshot: usesSnapshot),
      configuration: configuration)
  }

  @Test(arguments: [1, 2, 4])
  func `goes on in a finished or a stopped store`(batches: Int) throws {
    let (whole, parts) = (try StoreFolder(), try StoreFolder())
    try SampleStore.write(to: whole.store, batches: 5)
    do {
      var store = try Store(path: parts.store, configuration: StoreTests.configuration)
      for batch in 0..<batches {
        try SampleStore.append(batch, 3000, to: &store)
        let snapshot = StoreSnapshot(sequence: store.lastSequence, state: [])
        if batch == batches - 1 { try store.append(snapshot) }
      }
      if batches == 1 { try store.close() } else { try store.commitBatch() }
    }
    var store = try resume(parts.store)
    #expect(store.lastSequence == UInt64(batches * 3000))
    for batch in batches..<5 { try SampleStore.append(batch, 3000, to: &store) }
    try store.close()
    #expect(try StoreVerifier.verify(path: parts.store).findings.isEmpty)
    // They tell of every row, so the two hold the same.
    #expect(try parts.rows(Self.digests) == whole.rows(Self.digests))
    #expect(
      try StoredTicksTests.bits(StoredTicksTests.read(parts.store))
        == StoredTicksTests.bits(StoredTicksTests.read(whole.store)))
    #expect(try parts.rows("SELECT first_seq FROM manifest") == ["1", "\(batches * 3000 + 1)"])
  }

  private static let digests =
    "SELECT * FROM digests WHERE kind NOT IN ('manifest', 'snapshots', 'schema')"

  @Test func `results behind the snapshot are made anew, inputs stay`() throws {
    let folder = try StoreFolder()
    do {
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      for batch in 0..<3 {
        try SampleStore.append(batch, 3000, to: &store)
        let state = [UInt8](repeating: UInt8(batch), count: 1000)
        if batch < 2 { try store.append(StoreSnapshot(sequence: store.lastSequence, state: state)) }
      }
      try store.close()
    }
    let found = try StoreResumption(path: folder.store)
    #expect(found.snapshot?.sequence == 6000)
    #expect(found.snapshot?.state == [UInt8](repeating: 1, count: 1000))
    #expect(found.lastSequence == 9000)
    var store = try resume(folder.store)
    try store.commitBatch()
    let counts = "SELECT count(*) FROM "
    #expect(try folder.rows(counts + "bars") == ["140"])
    #expect(try folder.rows(counts + "features") == ["140"])
    #expect(try folder.rows(counts + "versions") == ["2"])
    #expect(try folder.rows(counts + "matrices") == ["2"])
    #expect(try folder.rows(counts + "rejects") == ["2"])
    #expect(try folder.rows("SELECT sum(count) FROM blocks") == ["9000"])
    #expect(try folder.rows("SELECT state FROM run") == ["running"])
    try store.close()
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
    try resume(folder.store, usesSnapshot: false).close()
    #expect(try folder.rows(counts + "bars") == ["0"])
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
  }

  @Test func `a snapshot that is damaged is passed over`() throws {
    let folder = try StoreFolder()
    do {
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      for batch in 0..<2 {
        try SampleStore.append(batch, 3000, to: &store)
        try store.append(StoreSnapshot(sequence: store.lastSequence, state: [1, 2, 3, 4]))
      }
      try store.close()
    }
    _ = try folder.rows("UPDATE snapshots SET state = x'0001020304' WHERE seq = 6000")
    #expect(try StoreResumption(path: folder.store).snapshot?.sequence == 3000)
  }

  @Test(arguments: [1, 2, 4])
  func `a torn tail is cut at the last whole group`(block: Int) throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, batches: 4, size: 1000)
    let last = UInt64(1000 * (4 - block))
    _ = try folder.rows(
      "UPDATE blocks SET block = zeroblob(length(block)) WHERE first_group_seq > \(last)")
    let found = try StoreResumption(path: folder.store)
    #expect(found.lastSequence == last)
    #expect(found.cut == last + 1...4000)
    var store = try resume(folder.store)
    for batch in (4 - block)..<4 {
      let ticks = StoredTicksTests.ticks(1000, from: UInt64(batch * 1000) + 1)
      try store.append(ticks: ticks.span)
      try store.commitBatch()
    }
    try store.close()
    let report = try StoreVerifier.verify(path: folder.store)
    #expect(report.findings.isEmpty && report.inputs == 4000)
  }

  @Test func `a store of the format before gets the newest one`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, batches: 2)
    for table in ["manifest", "positions", "counters", "changes", "snapshots", "retained"] {
      _ = try folder.rows("DROP TABLE \(table)")
      _ = try folder.rows("DELETE FROM digests WHERE kind = '\(table)'")
    }
    _ = try folder.rows("PRAGMA user_version = 3")
    let database = try Database(path: folder.store)
    let digest = try DigestedTable.schema.digest(of: database).value.description
    _ = try folder.rows("UPDATE digests SET digest = '\(digest)' WHERE kind = 'schema'")
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
    #expect(try StoredTicksTests.read(folder.store).count == 6000)
    var store = try resume(folder.store)
    try SampleStore.append(2, 3000, to: &store)
    try store.close()
    #expect(try folder.rows("PRAGMA user_version") == ["\(StoreSchema.format)"])
    let report = try StoreVerifier.verify(path: folder.store)
    #expect(report.findings.isEmpty && report.inputs == 9000)
  }

  @Test func `what cannot go on is refused by name`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    let other = StoreConfiguration(
      text: "window=12", timeframe: .second, featureNames: ["sma_20", "odd \"name\", x"])
    #expect(throws: JournalError.self) { try resume(folder.store, configuration: other).close() }
    let fewer = StoreConfiguration(
      text: StoreTests.configuration.text, timeframe: .second, featureNames: ["sma_20"])
    #expect(throws: JournalError.self) { try resume(folder.store, configuration: fewer).close() }
    #expect(try folder.rows("SELECT state FROM run") == ["finished"])
    let writer = try resume(folder.store)
    #expect(throws: JournalError.inUse(path: folder.store)) { try resume(folder.store).close() }
    try writer.close()
    _ = try folder.rows("PRAGMA user_version = 2")
    #expect(throws: JournalError.olderStore(path: folder.store, format: 2)) {
      try resume(folder.store).close()
    }
    #expect(throws: JournalError.missing(path: folder.path + "/none")) {
      try resume(folder.path + "/none").close()
    }
  }

  @Test func `positions and counters are those of the last batch`() throws {
    let folder = try StoreFolder()
    let (source, symbol) = (SourceID(rawValue: 0), SymbolID(rawValue: 1))
    let counters = [
      StoreCounter(source: source, symbol: .unknown, reason: .malformed, count: 5),
      StoreCounter(source: source, symbol: symbol, reason: .malformed, count: 2),
    ]
    do {
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      let ticks = StoredTicksTests.ticks(10)
      try store.append(ticks: ticks.span)
      for rows in [10, 20] {
        try store.put(StorePosition(source: source, rows: rows, line: rows + 1))
        for counter in counters { try store.put(counter) }
        try store.commitBatch()
      }
      try store.put(StorePosition(source: source, rows: 30, line: 31))
    }
    let found = try StoreResumption(path: folder.store)
    #expect(found.positions == [StorePosition(source: source, rows: 20, line: 21)])
    #expect(found.counters == counters)
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
  }

  @Test func `inputs that were not kept are a known gap`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    let (first, second) = (StoredTicksTests.ticks(500), StoredTicksTests.ticks(500, from: 801))
    try store.append(ticks: first.span)
    try store.append(missingThrough: 800)
    try store.append(ticks: second.span)
    try store.close()
    let kept = try StoredTicksTests.read(folder.store).map(\.sequence)
    #expect(kept == Array(1...500) + Array(801...1300))
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
    #expect(try StoreResumption(path: folder.store).lastSequence == 1300)
  }

  @Test(arguments: [-1, 0, 4_000_000_000_000_000_000])
  func `a group that begins nowhere is damage`(first: Int) throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, batches: 3, size: 1000)
    _ = try folder.rows("UPDATE blocks SET first_group_seq = \(first) WHERE first_group_seq = 2001")
    let found = try StoreResumption(path: folder.store)
    #expect(found.lastSequence == 2000)
    #expect(found.cut?.upperBound ?? 0 >= 3000)
  }

  @Test func `whoever goes on first is the only one`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    let point = try StoreResumption(path: folder.store)
    try resume(folder.store).close()
    #expect(throws: JournalError.inUse(path: folder.store)) {
      try Store(resuming: point, configuration: StoreTests.configuration).close()
    }
  }
}
