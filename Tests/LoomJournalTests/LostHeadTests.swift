import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// A store that has lost its first page comes back with all its tables.
struct LostHeadTests {
  private static let tables = [
    "symbols", "sources", "bars", "features", "versions", "matrices", "rejects", "clock_events",
  ]

  private static func write(_ path: String) throws {
    try SampleStore.write(to: path, batches: 4, size: 2500, rows: 900)
  }

  /// Recovers the store after `damage`, and returns what was found.
  private static func recover(
    _ folder: StoreFolder, _ damage: (inout Data) -> Void
  ) throws -> StoreRecovery.Report {
    let bad = folder.path + "/bad.db"
    var bytes = try Data(contentsOf: URL(filePath: folder.store))
    damage(&bytes)
    try bytes.write(to: URL(filePath: bad))
    let report = try StoreRecovery.recover(path: bad, to: folder.path + "/good.db")
    #expect(try Data(contentsOf: URL(filePath: bad)) == bytes)
    #expect(try StoreVerifier.verify(path: folder.path + "/good.db").findings == [])
    #expect(try folder.names().filter { $0.hasPrefix(".") } == [])
    return report
  }

  private static func expectRows(_ folder: StoreFolder, of tables: [String]) throws {
    for table in tables {
      let sql = "SELECT * FROM \(table) ORDER BY rowid"
      let (found, expected) = try (folder.rows(sql, in: "good.db"), folder.rows(sql))
      #expect(found == expected, "\(table)")
    }
    let (found, expected) = try (
      StoredTicksTests.read(folder.path + "/good.db"), StoredTicksTests.read(folder.store)
    )
    #expect(SequencedTick.areEqual(found, expected))
    let sql = "SELECT timeframe, configuration FROM run"
    #expect(try folder.rows(sql, in: "good.db") == folder.rows(sql))
  }

  /// All that is not there any more is how the features were called.
  @Test(arguments: [0, 0xFF] as [UInt8])
  func `without any of it`(byte: UInt8) throws {
    let folder = try StoreFolder()
    try Self.write(folder.store)
    let report = try Self.recover(folder) { bytes in
      bytes.replaceSubrange(
        0..<StoreSchema.pageSize, with: Data(repeating: byte, count: StoreSchema.pageSize))
    }
    #expect(!report.isWhole)
    #expect(report.findings.map(\.description).contains { $0.contains("they were found") })
    #expect(report.blocks.byBytes == 0)
    try Self.expectRows(folder, of: Self.tables)
    let names = try folder.rows("SELECT name FROM pragma_table_info('features')", in: "good.db")
    #expect(names == ["start_ns", "symbol", "feature_1", "feature_2"])
  }

  @Test(arguments: [100, 200, 1000])
  func `with the text of its tables`(count: Int) throws {
    let folder = try StoreFolder()
    try Self.write(folder.store)
    _ = try Self.recover(folder) { bytes in
      bytes.replaceSubrange(0..<count, with: Data(repeating: 0x5A, count: count))
    }
    try Self.expectRows(folder, of: Self.tables)
    for view in ["bars_text", "features_text", "versions_text"] {
      let sql = "SELECT * FROM \(view)"
      #expect(try folder.rows(sql, in: "good.db") == folder.rows(sql))
    }
    let names = try folder.rows("SELECT name FROM pragma_table_info('features')", in: "good.db")
    #expect(names == ["start_ns", "symbol", "sma_20", "odd \"name\", x"])
  }

  @Test func `with a log beside it`() throws {
    let folder = try StoreFolder()
    try Self.write(folder.store)
    let database = try Database(path: folder.store)
    try database.execute(
      "PRAGMA wal_autocheckpoint = 0; UPDATE run SET configuration = 'in the log'")
    try FileManager.default.copyItem(
      atPath: folder.store + "-wal", toPath: folder.path + "/bad.db-wal")
    _ = try Self.recover(folder) { bytes in
      bytes.replaceSubrange(
        0..<StoreSchema.pageSize, with: Data(repeating: 0, count: StoreSchema.pageSize))
    }
    try Self.expectRows(folder, of: Self.tables)
    #expect(
      try folder.rows("SELECT configuration FROM run", in: "good.db") == ["in the log"])
  }

  /// All batches are in the log.
  @Test func `of a killed run`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for batch in 0..<3 { try SampleStore.append(batch, 500, to: &store) }
    try FileManager.default.copyItem(
      atPath: folder.store + "-wal", toPath: folder.path + "/bad.db-wal")
    _ = try Self.recover(folder) { bytes in
      bytes.replaceSubrange(
        0..<StoreSchema.pageSize, with: Data(repeating: 0, count: StoreSchema.pageSize))
    }
    try Self.expectRows(folder, of: Self.tables)
    try store.close()
  }

  /// Where the rest is no store of ours, what is found is not believed.
  @Test func `the tables of another program stay there`() throws {
    let folder = try StoreFolder()
    try Database(path: folder.store).execute(
      "PRAGMA page_size = 16384; CREATE TABLE a (x); INSERT INTO a VALUES (randomblob(100000))")
    #expect(throws: JournalError.self) {
      try Self.recover(folder) { bytes in
        bytes.replaceSubrange(0..<100, with: Data(repeating: 0, count: 100))
      }
    }
    #expect(try folder.names().sorted() == ["bad.db", "run.db"])
  }
}
