import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// Who only reads a store leaves nothing behind, and needs to write nowhere.
struct QuietReadingTests {
  /// Reads a store in every way there is.
  private static func readAll(_ path: String) throws {
    _ = try StoreDescription(path: path)
    _ = try StoredTicksTests.read(path)
    let isSound = try StoreVerifier.verify(path: path).isSound
    guard isSound else { throw CocoaError(.fileReadCorruptFile) }
    var reader = try StoreReader(path: path)
    var bars: [Bar] = []
    while try reader.read(100, into: &bars) {}
    var query = try StoreQuery("SELECT count(*) FROM ticks", ofStoreAt: path)
    while try query.next() {}
  }

  private static func allow(_ permissions: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
  }

  private struct File: Equatable {
    let size: Int
    let changed: Date?

    init(_ path: String) throws {
      let values = try FileManager.default.attributesOfItem(atPath: path)
      size = values[.size] as? Int ?? 0
      changed = values[.modificationDate] as? Date
    }
  }

  @Test(arguments: [
    "run.db", "a#b?c%20&d=e;f.db", "100%.db", "ä ü\"'.db", ":memory:", "file:x?mode=rw", "//x.db",
    "./../%2e.db",
  ])
  func `a finished store is read without a trace, whatever its name is`(name: String) throws {
    let folder = try StoreFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/inner", withIntermediateDirectories: false)
    let path = folder.path + "/inner/" + name
    try SampleStore.write(to: path, batches: 1, size: 100, rows: 5)
    let before = try File(path)
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    try Self.readAll(path)
    _ = try StoreBackup.copy(path: path, to: folder.path + "/copy.db")
    try FileManager.default.removeItem(atPath: folder.path + "/copy.db")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path) == names)
    #expect(try File(path) == before)
  }

  @Test func `from a folder and a file that may only be read`() async throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, batches: 1, size: 100, rows: 5)
    try Self.allow(0o444, folder.store)
    try Self.allow(0o555, folder.path)
    defer { try? Self.allow(0o755, folder.path) }
    await #expect(processExitsWith: .exitCode(42)) { [path = folder.store as String] in
      // Root may write anywhere.
      if getuid() == 0 { setuid(65_534) }
      try Self.readAll(path)
      exit(42)
    }
  }

  /// As others leave one.
  @Test(arguments: ["-shm", "-wal"])
  func `an empty log beside it is no reason not to`(suffix: String) async throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, batches: 1, size: 100, rows: 5)
    try Data().write(to: URL(filePath: folder.store + suffix))
    try Self.allow(0o400, folder.store + suffix)
    try Self.allow(0o555, folder.path)
    defer { try? Self.allow(0o755, folder.path) }
    await #expect(processExitsWith: .exitCode(42)) { [path = folder.store as String] in
      if getuid() == 0 { setuid(65_534) }
      try Self.readAll(path)
      exit(42)
    }
  }

  /// Its log cannot be read without its index, for which there is no place.
  @Test func `a killed store that may only be read says what helps`() async throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    try SampleStore.append(0, 100, to: &store)
    let killed = folder.path + "/killed"
    try FileManager.default.createDirectory(atPath: killed, withIntermediateDirectories: false)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.store + suffix, toPath: killed + "/run.db" + suffix)
    }
    try Self.allow(0o555, killed)
    defer { try? Self.allow(0o755, killed) }
    await #expect(processExitsWith: .exitCode(42)) { [path = killed + "/run.db" as String] in
      if getuid() == 0 { setuid(65_534) }
      do throws(JournalError) { _ = try StoreDescription(path: path) } catch {
        exit(error.description.hasSuffix("copy it and its -wal to one") ? 42 : 1)
      }
    }
    try store.close()
  }

  /// SQLite, too, may go on with a store that was finished, as whoever resumes it does.
  @Test func `who begins to write it meanwhile is noticed`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    var reader = try StoreReader(path: folder.store)
    var bars: [Bar] = []
    #expect(try reader.read(10, into: &bars))
    let writer = try Database(path: folder.store)
    try writer.execute("PRAGMA wal_autocheckpoint = 0; UPDATE bars SET close = 7")
    // That is in the log; the file is what it was.
    #expect(try reader.read(10, into: &bars))
    #expect(bars.allSatisfy { $0.close != 7 })
    // Who comes now sees it.
    var later = try StoreReader(path: folder.store)
    #expect(try later.read(10, into: &bars))
    #expect(bars.allSatisfy { $0.close == 7 })
    try writer.execute("PRAGMA wal_checkpoint")
    #expect(
      throws: JournalError.unreadable(
        path: folder.store, reason: "another program has begun to write it; try again")
    ) { while try reader.read(10, into: &bars) {} }
  }
}
