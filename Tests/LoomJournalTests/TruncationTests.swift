import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// A store that was cut short anywhere is read up to there or refused by its name, never wrongly.
struct TruncationTests {
  private static let step = 4096
  private static let batch = 600

  /// What can be read before something is missing, and what is said of that.
  private static func read(_ path: String) -> (ticks: [SequencedTick], error: JournalError?) {
    var (all, group): ([SequencedTick], [SequencedTick]) = ([], [])
    do throws(JournalError) {
      var stored = try StoredTicks(path: path)
      while try stored.read(into: &group) { all += group }
      return (all, nil)
    } catch { return (all, error) }
  }

  /// Looks at a store of which `file`, which is `intact`, was cut to `size`; returns how many inputs
  /// can be read.
  private static func check(
    _ store: String, cut size: Int, of file: String, _ intact: Data, _ expected: [SequencedTick]
  ) throws -> Int {
    try intact.prefix(size).write(to: URL(filePath: file))
    try? FileManager.default.removeItem(atPath: store + "-shm")
    let place = Comment("\(file.hasSuffix("-wal") ? "log" : "file") of \(size) bytes")
    let (ticks, error) = read(store)
    #expect(ticks.count <= expected.count, place)
    #expect(SequencedTick.areEqual(ticks, Array(expected.prefix(ticks.count))), place)
    #expect(ticks.count % batch == 0, place)
    if let error { #expect(error.description.contains(store), place) }
    let isSound: Bool
    do throws(JournalError) { isSound = try StoreVerifier.verify(path: store).isSound } catch {
      #expect(error.description.contains(store), place)
      isSound = false
    }
    // What is said to be sound is read to its end.
    if isSound { #expect(error == nil, place) }
    return isSound ? ticks.count : -1
  }

  @Test func `a finished store`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store, batches: 4, size: Self.batch)
    let expected = try StoredTicksTests.read(folder.store)
    let intact = try Data(contentsOf: URL(filePath: folder.store))
    let cut = folder.path + "/cut.db"
    for size in stride(from: 0, to: intact.count, by: Self.step) {
      let sound = try Self.check(cut, cut: size, of: cut, intact, expected)
      #expect(sound == -1, "\(size) bytes")
    }
    #expect(try Self.check(cut, cut: intact.count, of: cut, intact, expected) == expected.count)
  }

  /// A store as a kill leaves it: its first batches in the file, and all of them in the log.
  private static func killed(
    _ folder: StoreFolder
  ) throws -> (file: Data, log: Data, expected: [SequencedTick]) {
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for batch in 0..<6 {
      try SampleStore.append(batch, Self.batch, to: &store)
      if batch == 2 { try Database(path: folder.store).execute("PRAGMA wal_checkpoint(PASSIVE)") }
    }
    let file = try Data(contentsOf: URL(filePath: folder.store))
    let log = try Data(contentsOf: URL(filePath: folder.store + "-wal"))
    let expected = try StoredTicksTests.read(folder.store)
    try store.close()
    return (file, log, expected)
  }

  @Test func `the log of a killed run`() throws {
    let folder = try StoreFolder()
    let (file, log, expected) = try Self.killed(folder)
    let cut = folder.path + "/cut.db"
    try file.write(to: URL(filePath: cut))
    var counts: [Int] = []
    for size in stride(from: 0, through: log.count + Self.step, by: Self.step) {
      counts.append(
        try Self.check(cut, cut: size, of: cut + "-wal", log, expected))
      #expect(try Data(contentsOf: URL(filePath: cut)) == file)
    }
    // Those of the file, then those up to where the log ends; a log that ends within a batch is no
    // damage, as whoever was killed may have left it so.
    let sound = counts.filter { $0 >= 0 }
    #expect(sound.first == 3 * Self.batch && sound.last == expected.count)
    // A log that ends before what the file has of it makes no whole of the two, which is told.
    #expect(Set(sound) == Set((3...6).map { $0 * Self.batch }))
  }

  @Test func `the file of a killed run`() throws {
    let folder = try StoreFolder()
    let (file, log, expected) = try Self.killed(folder)
    let cut = folder.path + "/cut.db"
    for size in stride(from: 0, to: file.count, by: Self.step) {
      try log.write(to: URL(filePath: cut + "-wal"))
      _ = try Self.check(cut, cut: size, of: cut, file, expected)
    }
  }
}
