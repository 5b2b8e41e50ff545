import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// A store that is what was written is sound; whatever changes an answer is found.
struct StoreVerifierTests {
  private static func findings(_ path: String) throws -> [StoreFinding] {
    try StoreVerifier.verify(path: path).findings
  }

  @Test func `a store is sound, finished or not`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    let report = try StoreVerifier.verify(path: folder.store)
    #expect(report.findings == [])
    #expect(report.isSound && report.hasDigests && report.gaps.isEmpty)
    #expect((report.inputs, report.blocks) == (9000, 3))
    #expect(report.sequences == 1...9000)

    let other = folder.path + "/other.db"
    var store = try Store(path: other, configuration: StoreTests.configuration)
    for batch in 0..<3 {
      try SampleStore.append(batch, 700, to: &store)
      let (findings, inputs) = try (
        Self.findings(other), StoreVerifier.verify(path: other).inputs
      )
      #expect(findings == [])
      #expect(inputs == 700 * (batch + 1))
    }
    try store.close()
  }

  @Test func `a digest covers thousands of rows and more follow`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for count in [1, 40, 5000, 3, 4200] {
      let bars = (0..<count).map { StoreTests.bar($0) }
      try store.append(bars: bars.span)
      try store.commitBatch()
    }
    try store.close()
    #expect(try Self.findings(folder.store) == [])
    let kinds = try folder.rows("SELECT count(*), sum(count) FROM digests WHERE kind = 'bars'")
    #expect(kinds == ["3|9244"])
  }

  @Test(arguments: [
    ("UPDATE bars SET close = close + 1e-9 WHERE rowid = 100", "bars, rows 1 to 210: their digest"),
    ("DELETE FROM bars WHERE rowid = 210", "bars, rows 1 to 210: there are 209 of 210"),
    ("INSERT INTO rejects VALUES (77, 1)", "rejects, rows 5 to 6005: there are 4 of 3"),
    ("INSERT INTO rejects VALUES (9000, 1)", "rejects: it has 4 rows, and digests of 3"),
    ("UPDATE versions SET hash = lower(hash) || ' ' WHERE number = 2", "versions, rows 1 to 3"),
    ("UPDATE matrices SET n_eff = zeroblob(112) WHERE version = 3", "matrices, rows 3 to 3"),
    ("UPDATE run SET state = 'running'", "run: its digest differs"),
    ("UPDATE symbols SET name = 'X' WHERE id = 3", "symbols: its digest differs"),
    ("DELETE FROM digests WHERE kind = 'features'", "features: it has 210 rows, and digests of 0"),
    ("DELETE FROM digests WHERE kind = 'run'", "run: there is no digest of it"),
    ("DROP INDEX blocks_by_time", "schema: its digest differs"),
    ("PRAGMA user_version = 2", "schema: its digest differs"),
    ("PRAGMA user_version = 99", "file: its head is damaged"),
    ("PRAGMA application_id = 9", "file: its head is damaged"),
    ("UPDATE blocks SET block = zeroblob(9) WHERE id = 2", "inputs 3001 to 6000: no block begins"),
    ("UPDATE blocks SET block = block || x'00' WHERE id = 2", "inputs 3001 to 6000: bytes follow"),
    ("UPDATE blocks SET count = 7 WHERE id = 2", "inputs 3001 to 6000: its row says"),
    (
      "UPDATE blocks SET first_group_seq = 2 WHERE id = 1",
      "inputs 2 to 3000: 1 of them are there twice"
    ),
    ("DELETE FROM blocks WHERE id = 2", "inputs 3001 to 6000: they are missing"),
    ("DELETE FROM blocks WHERE id = 3", "blocks, rows 1 to 3: there are 2 of 3"),
    (
      "UPDATE blocks SET id = 9 WHERE id = 2; UPDATE blocks SET id = 2 WHERE id = 1;"
        + "UPDATE blocks SET id = 1 WHERE id = 9", "what stood before it is missing or was changed"
    ),
  ])
  func `a change is located`(change: String, finding: String) throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    try Database(path: folder.store).execute(change)
    let texts = try Self.findings(folder.store).map(\.description)
    #expect(texts.contains { $0.contains(finding) }, "\(texts)")
  }

  /// The flips that nothing notices lie where nothing is: in the free space of pages.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `a flipped bit that changes an answer is found`(seed: UInt64) throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, rows: 500)
    let intact = try Data(contentsOf: URL(filePath: folder.store))
    let answers = SampleStore.answers(of: folder.store)
    var random = Random(seed: seed)
    var found = 0
    for flip in 0..<50 {
      let path = folder.path + "/flip\(flip).db"
      let (place, bit) = (
        Int.random(in: 0..<intact.count, using: &random), UInt8.random(in: 0..<8, using: &random)
      )
      var bytes = intact
      bytes[place] ^= 1 << bit
      try bytes.write(to: URL(filePath: path))
      if try Self.findings(path).isEmpty {
        #expect(SampleStore.answers(of: path) == answers, "seed \(seed), byte \(place), bit \(bit)")
      } else {
        found += 1
      }
    }
    #expect(found > 10, "seed \(seed)")
  }

  /// SQLite would leave out all that follows without a word.
  @Test(arguments: [0, 20, 31, 40, 50, 60, 5000, 40_000, 100_000])
  func `a flipped bit in the log is found`(place: Int) throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for batch in 0..<2 { try SampleStore.append(batch, 700, to: &store) }
    let killed = folder.path + "/killed.db"
    try FileManager.default.copyItem(atPath: folder.store, toPath: killed)
    var log = try Data(contentsOf: URL(filePath: folder.store + "-wal"))
    try log.write(to: URL(filePath: killed + "-wal"))
    #expect(try Self.findings(killed) == [])
    log[place] ^= 4
    try log.write(to: URL(filePath: killed + "-wal"))
    try? FileManager.default.removeItem(atPath: killed + "-shm")
    let texts = try Self.findings(killed).map(\.description)
    #expect(texts.contains { $0.hasPrefix("log, frames") }, "\(texts)")
    // Whoever verifies leaves the log to be searched.
    #expect(try Data(contentsOf: URL(filePath: killed + "-wal")) == log)
    try store.close()
  }

  @Test func `it can be stopped`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    let cancellation = Cancellation()
    cancellation.request()
    #expect(throws: JournalError.cancelled) {
      try StoreVerifier.verify(path: folder.store, cancellation: cancellation)
    }
  }
}
