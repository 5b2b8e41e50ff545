import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// Whatever was hit, every block that was not comes back.
struct StoreRecoveryTests {
  private static let pageSize = StoreSchema.pageSize

  /// Nine blocks, each of which goes on on pages of its own.
  private static func write(_ path: String) throws -> Data {
    try SampleStore.write(to: path, batches: 9, size: 2500)
    return try Data(contentsOf: URL(filePath: path))
  }

  /// Recovers what `bytes` are, and returns the report and the sequences that came back.
  private static func recover(
    _ bytes: Data, in folder: StoreFolder
  ) throws -> (report: StoreRecovery.Report, ticks: [SequencedTick]) {
    let (bad, good) = (folder.path + "/bad.db", folder.path + "/good.db")
    try bytes.write(to: URL(filePath: bad))
    let report = try StoreRecovery.recover(path: bad, to: good)
    #expect(try Data(contentsOf: URL(filePath: bad)) == bytes)
    let check = try StoreVerifier.verify(path: good)
    #expect(check.findings == [])
    #expect(check.gaps == report.gaps)
    return (report, try StoredTicksTests.read(good))
  }

  private static func garbage(_ count: Int, _ random: inout Random) -> Data {
    Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  @Test func `a sound store comes back as it is`() throws {
    let folder = try StoreFolder()
    let (report, ticks) = try Self.recover(Self.write(folder.store), in: folder)
    #expect(report.isWhole)
    #expect((report.blocks.found, report.blocks.byBytes) == (9, 0))
    #expect(
      try StoredTicksTests.bits(ticks) == StoredTicksTests.bits(StoredTicksTests.read(folder.store))
    )
    let queries = [
      "bars_text", "features_text", "versions", "matrices", "rejects", "symbols", "sources",
    ]
    for query in queries {
      let sql = "SELECT * FROM \(query)"
      #expect(try folder.rows(sql, in: "good.db") == folder.rows(sql))
    }
    #expect(
      try folder.rows("SELECT * FROM run", in: "good.db") == [#"recovered|1s|{"window": 256}"#])
  }

  /// The head, and every page that is no block's: roots, schema, indexes.
  @Test func `pages of SQLite's own may be anything`() throws {
    let folder = try StoreFolder()
    let intact = try Self.write(folder.store)
    let expected = try StoredTicksTests.bits(StoredTicksTests.read(folder.store))
    var random = Random(seed: 6)
    let roots = try folder.rows("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")
    let leaves = try folder.rows(
      "SELECT DISTINCT pageno FROM dbstat WHERE name = 'blocks' AND pagetype <> 'internal'")
    let others = Set(roots.compactMap { Int($0) }).subtracting(leaves.compactMap { Int($0) })
    for page in [1, 2] + others {
      var bytes = intact
      let start = (page - 1) * Self.pageSize
      bytes.replaceSubrange(
        start..<start + Self.pageSize, with: Self.garbage(Self.pageSize, &random))
      let (report, ticks) = try Self.recover(bytes, in: folder)
      #expect(report.blocks.found == 9, "page \(page)")
      #expect(StoredTicksTests.bits(ticks) == expected, "page \(page)")
      try FileManager.default.removeItem(atPath: folder.path + "/good.db")
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `blocks that were not hit come back`(seed: UInt64) throws {
    let folder = try StoreFolder()
    var bytes = try Self.write(folder.store)
    let intact = try StoredTicksTests.read(folder.store)
    var random = Random(seed: seed)
    // The head is gone, what else tells whose it is, and the map of pages between the two; and 64 bytes
    // somewhere in each of two blocks.
    bytes.replaceSubrange(0..<3 * Self.pageSize, with: Self.garbage(3 * Self.pageSize, &random))
    let magic = Data([0xB1] + Array("LoomBk\n".utf8))
    var starts: [Int] = []
    while let found = bytes.range(of: magic, in: (starts.last.map { $0 + 1 } ?? 0)..<bytes.count) {
      starts.append(found.lowerBound)
    }
    let hit = Set([Int.random(in: 0..<9, using: &random), Int.random(in: 0..<9, using: &random)])
    for block in hit {
      let start = starts[block] + 200
      bytes.replaceSubrange(start..<start + 64, with: Self.garbage(64, &random))
    }
    let (report, ticks) = try Self.recover(bytes, in: folder)
    #expect(report.blocks.found == 9 - hit.count)
    #expect(report.blocks.byBytes == 9 - hit.count)
    let kept = intact.filter { !hit.contains(Int(($0.sequence - 1) / 2500)) }
    #expect(StoredTicksTests.bits(ticks) == StoredTicksTests.bits(kept))
    let lost = report.gaps.reduce(0) { $0 + $1.missing }
    #expect(lost == 2500 * hit.subtracting(hit.contains(8) ? [8] : []).count)
  }

  @Test func `a store that is cut short comes back up to there, or is refused`() throws {
    let folder = try StoreFolder()
    let intact = try Self.write(folder.store)
    let expected = try StoredTicksTests.read(folder.store)
    for size in stride(from: 0, to: intact.count, by: Self.pageSize) {
      let bad = folder.path + "/cut.db"
      try intact[..<size].write(to: URL(filePath: bad))
      do throws(JournalError) {
        #expect(try !StoreVerifier.verify(path: bad).isSound, "\(size)")
      } catch {
        #expect(error.description.contains(bad))
      }
      let read = (try? StoredTicksTests.read(bad)) ?? []
      #expect(read.map(\.sequence) == expected.prefix(read.count).map(\.sequence))
      do {
        let (report, ticks) = try Self.recover(Data(intact[..<size]), in: folder)
        #expect(ticks.count == report.inputs)
        try FileManager.default.removeItem(atPath: folder.path + "/good.db")
      } catch let error as JournalError {
        #expect(error.description.contains("bad.db: there is nothing in it to recover"))
      }
    }
  }

  @Test func `a log that SQLite gives up is searched, too`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for batch in 0..<3 { try SampleStore.append(batch, 2500, to: &store) }
    let killed = folder.path + "/killed.db"
    try FileManager.default.copyItem(atPath: folder.store, toPath: killed)
    var log = try Data(contentsOf: URL(filePath: folder.store + "-wal"))
    log[33 + 24 + Self.pageSize] ^= 1
    try log.write(to: URL(filePath: killed + "-wal"))
    let report = try StoreRecovery.recover(path: killed, to: folder.path + "/good.db")
    #expect((report.blocks.found, report.blocks.byBytes) == (3, 3))
    #expect(try StoredTicksTests.read(folder.path + "/good.db").count == 7500)
    try store.close()
  }

  @Test func `nothing is left where there is nothing to recover`() throws {
    let folder = try StoreFolder()
    try "text".write(toFile: folder.store, atomically: false, encoding: .utf8)
    #expect(throws: JournalError.self) {
      try StoreRecovery.recover(path: folder.store, to: folder.path + "/good.db")
    }
    #expect(try folder.names() == ["run.db"])
  }
}
