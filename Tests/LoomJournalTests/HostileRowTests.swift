import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// Whatever the rows of blocks say, nothing stops but with an error.
struct HostileRowTests {
  private static let values = [
    "-1", "0", "1", "9223372036854775807", "-9223372036854775808", "NULL", "'text'", "1.5e300",
  ]

  private static func write(_ path: String) throws -> [SequencedTick] {
    try SampleStore.write(to: path, batches: 3, size: 50, rows: 5)
    return try StoredTicksTests.read(path)
  }

  /// Reads, verifies, describes and recovers; what is read is right as far as it goes.
  private static func use(_ folder: StoreFolder, _ expected: [SequencedTick], _ change: String) {
    var (all, group): ([SequencedTick], [SequencedTick]) = ([], [])
    do {
      var stored = try StoredTicks(path: folder.store)
      while try stored.read(into: &group) { all += group }
    } catch {}
    let isKnown = all.allSatisfy { tick in
      let place = Int(clamping: tick.sequence) - 1
      return expected.indices.contains(place) && SequencedTick.areEqual([tick], [expected[place]])
    }
    #expect(isKnown, "\(change)")
    _ = try? StoreDescription(path: folder.store)
    let good = folder.path + "/good.db"
    _ = try? StoreRecovery.recover(path: folder.store, to: good)
    _ = try? StoredTicksTests.read(good)
    try? FileManager.default.removeItem(atPath: good)
  }

  @Test(arguments: [
    "id", "first_group_seq", "first_seq", "last_seq", "first_time_ns", "first_symbol",
    "last_symbol", "count", "block",
  ])
  func `a number of a block's row`(column: String) throws {
    let folder = try StoreFolder()
    let expected = try Self.write(folder.store)
    let intact = try Data(contentsOf: URL(filePath: folder.store))
    for value in Self.values {
      try intact.write(to: URL(filePath: folder.store))
      let change = "UPDATE blocks SET \(column) = \(value) WHERE id = 2"
      let database = try Database(path: folder.store)
      // What the table refuses cannot be.
      guard (try? database.execute(change)) != nil else { continue }
      Self.use(folder, expected, change)
      let isSound = try StoreVerifier.verify(path: folder.store).isSound
      #expect(!isSound || ["0", "1"].contains(value), "\(change)")
    }
  }

  @Test(arguments: [
    "UPDATE blocks SET first_seq = last_seq, last_seq = 1, block = x'00' WHERE id = 2",
    "UPDATE blocks SET first_group_seq = -1, first_seq = -1, last_seq = -1",
    "UPDATE blocks SET first_group_seq = -2 WHERE id = 3",
    "UPDATE gaps SET missing = -1", "INSERT INTO gaps VALUES (-1, 1, 7)",
    "INSERT INTO gaps VALUES (1, -1, 9223372036854775807)", "UPDATE digests SET count = -1",
    "UPDATE digests SET count = 9223372036854775807",
    "UPDATE digests SET first_row = 9223372036854775807, last_row = 1 WHERE kind = 'bars'",
    "UPDATE clock_events SET after_seq = -1", "UPDATE symbols SET id = -1 WHERE id = 3",
    "UPDATE symbols SET id = 9223372036854775807 WHERE id = 3",
    "UPDATE bars SET start_ns = 9223372036854775807, last_seq = -1, tick_count = -1",
    "UPDATE rejects SET reason = 99999999", "DELETE FROM run", "UPDATE run SET timeframe = ''",
  ])
  func `odd rows elsewhere`(change: String) throws {
    let folder = try StoreFolder()
    let expected = try Self.write(folder.store)
    try Database(path: folder.store).execute(change)
    Self.use(folder, expected, change)
    _ = try? StoreVerifier.verify(path: folder.store)
  }
}
