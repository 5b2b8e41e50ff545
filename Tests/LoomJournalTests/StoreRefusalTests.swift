import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// What stands at the path already, and what is said about it.
struct StoreRefusalTests {
  private func refusal(_ path: String) -> JournalError? {
    do throws(JournalError) {
      let store = try Store(path: path, configuration: StoreTests.configuration)
      try store.close()
      return nil
    } catch { return error }
  }

  private func finishRun(_ path: String) throws {
    try Store(path: path, configuration: StoreTests.configuration).close()
  }

  @Test func `a finished run stays as it is`() throws {
    let folder = try StoreFolder()
    try finishRun(folder.store)
    let before = try Data(contentsOf: URL(filePath: folder.store))
    let error = try #require(refusal(folder.store))
    #expect(error == .holdsRun(path: folder.store))
    #expect(
      error.description
        == "\(folder.store) already holds a run; name a new file, remove this one, "
        + "or go on in it with --resume")
    #expect(try Data(contentsOf: URL(filePath: folder.store)) == before)
  }

  @Test func `an interrupted run keeps its batches and is refused with its own text`() throws {
    let folder = try StoreFolder()
    do {
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      try store.append(bars: [StoreTests.bar(1)].span)
      try store.commitBatch()
      try store.append(bars: [StoreTests.bar(2)].span)
    }
    #expect(try folder.rows("SELECT count(*), (SELECT state FROM run) FROM bars") == ["1|running"])
    #expect(refusal(folder.store) == .holdsUnfinishedRun(path: folder.store))
  }

  @Test func `a killed run keeps its batches`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for number in 0..<5000 { try store.append(bars: [StoreTests.bar(number)].span) }
    try store.commitBatch()
    for number in 0..<5000 { try store.append(bars: [StoreTests.bar(number)].span) }
    // What a kill leaves: the files as they are, without the process's locks and shared memory.
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.store + suffix, toPath: folder.path + "/killed.db" + suffix)
    }
    let killed = folder.path + "/killed.db"
    #expect(try folder.rows("SELECT count(*) FROM bars", in: "killed.db") == ["5000"])
    #expect(try folder.rows("PRAGMA integrity_check", in: "killed.db") == ["ok"])
    #expect(refusal(killed) == .holdsUnfinishedRun(path: killed))
    try store.close()
  }

  @Test func `a run without a batch leaves nothing`() throws {
    let folder = try StoreFolder()
    do { _ = try Store(path: folder.store, configuration: StoreTests.configuration) }
    #expect(try folder.names().isEmpty)
  }

  @Test func `a store that is being written is refused, and not touched`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    #expect(refusal(folder.store) == .inUse(path: folder.store))
    try store.append(bars: [StoreTests.bar(1)].span)
    try store.commitBatch()
    #expect(refusal(folder.store) == .inUse(path: folder.store))
    try store.close()
    #expect(try folder.rows("SELECT count(*) FROM bars") == ["1"])
  }

  @Test func `the log starts over again and again`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    let symbols = (0..<400).map { SymbolID(rawValue: $0) }
    let pairs = 400 * 401 / 2
    let correlation = [Double](repeating: 0.5, count: pairs)
    let counts = [Int32](repeating: 7, count: pairs)
    for number in 1...60 {
      try store.append(
        matrixOf: UInt64(number), symbols: symbols.span, correlation: correlation.span,
        jointRows: counts.span)
      try store.commitBatch()
      // Also right after a checkpoint it is known to be written.
      if number % 10 == 0 { #expect(refusal(folder.store) == .inUse(path: folder.store)) }
    }
    let size = try FileManager.default.attributesOfItem(atPath: folder.store + "-wal")[.size]
    #expect(try #require(size as? Int) < 30 << 20)
    try store.close()
    #expect(try folder.rows("SELECT count(*), sum(length(n_eff)) FROM matrices") == ["60|19248000"])
    #expect(try folder.rows("PRAGMA integrity_check") == ["ok"])
  }

  @Test(arguments: ["timestamp,bid,ask\n", String(repeating: "x", count: 5000)])
  func `another file is refused and stays as it is`(text: String) throws {
    let folder = try StoreFolder()
    try text.write(toFile: folder.store, atomically: false, encoding: .utf8)
    #expect(refusal(folder.store) == .notAStore(path: folder.store))
    #expect(try String(contentsOfFile: folder.store, encoding: .utf8) == text)
  }

  @Test(arguments: ["CREATE TABLE t (x)", "PRAGMA application_id = 7"])
  func `another program's database is refused`(sql: String) throws {
    let folder = try StoreFolder()
    try Database(path: folder.store).execute(sql)
    #expect(refusal(folder.store) == .notAStore(path: folder.store))
    #expect(try folder.rows("PRAGMA journal_mode") == ["delete"])
  }

  @Test func `a newer store is refused`() throws {
    let folder = try StoreFolder()
    try finishRun(folder.store)
    try Database(path: folder.store).execute("PRAGMA user_version = 99")
    #expect(refusal(folder.store) == .newerStore(path: folder.store, format: 99))
  }

  @Test func `an empty file is filled`() throws {
    let folder = try StoreFolder()
    try "".write(toFile: folder.store, atomically: false, encoding: .utf8)
    #expect(refusal(folder.store) == nil)
    #expect(try folder.rows("SELECT state FROM run") == ["finished"])
  }

  @Test(arguments: [
    ("/none/run.db", "No such file or directory; create its folder first"),
    ("", "Is a directory; it is a folder, name a file"),
  ])
  func `a path that cannot be is refused with what to do`(suffix: String, text: String) throws {
    let folder = try StoreFolder()
    let path = folder.path + suffix
    let error = try #require(refusal(path))
    #expect(error.description == "cannot write the store \(path): \(text)")
  }

  @Test(arguments: [
    (Int32(13), Int32(0), "free some space"), (13, ENOSPC, "free some space"),
    (778, ENOSPC, "free some space"), (8, 0, "you may write to"), (14, EACCES, "you may write to"),
    (14, EROFS, "read-only"), (778, EFBIG, "ulimit -f"), (11, 0, "damaged"), (1, 0, "code is 1"),
  ])
  func `every failure tells what helps`(code: Int32, systemCode: Int32, advice: String) {
    let error = JournalError.failed(path: "x", code: code, message: "m", systemCode: systemCode)
    #expect(error.description.contains(advice))
  }

  @Test func `a write that the system refuses tells why`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Signals.ignoreFileSizeLimits()
      var limit = rlimit(rlim_cur: 600_000, rlim_max: 600_000)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let folder = try StoreFolder()
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      let bars = (0..<10_000).map { StoreTests.bar($0) }
      do throws(JournalError) {
        try store.append(bars: bars.span)
        try store.commitBatch()
      } catch {
        exit(
          error.description.hasSuffix(
            "too large; a limit on the size of files is set, see ulimit -f") ? 42 : 1)
      }
    }
  }
}
