import Foundation
import LoomCore
import Synchronization
import Testing

@testable import LoomJournal

/// A disk that refuses a write takes nothing back that was said to be kept.
struct RefusedChangeTests {
  /// Writes in small commits until the disk refuses, which it does from a change on for `count` of
  /// them; returns how many inputs were said to be kept, and why it ended.
  private static func write(
    _ disk: FaultyDisk, _ ticks: [SequencedTick], refusing code: Int32, from change: Int, count: Int
  ) throws -> (kept: UInt64, failure: JournalError?) {
    disk.beforeEachChange { [unowned disk] in
      let number = disk.changes
      if number == change { disk.refuseChanges(code) }
      if number == change + count { disk.refuseChanges(0) }
    }
    defer {
      disk.beforeEachChange(nil)
      disk.refuseChanges(0)
    }
    let journal: Journal
    do {
      journal = try Journal(
        path: disk.store, configuration: StoreTests.configuration,
        options: JournalOptions(durability: .disk, interval: .zero, capacity: 1024))
    } catch let error as JournalError { return (0, error) }
    guard var input = journal.input() else { return (0, nil) }
    var start = 0
    while start < ticks.count, journal.failure == nil {
      start += input.append(ticks.span.extracting(start..<min(start + 20, ticks.count)))
      while journal.sequence(at: .disk) < start, journal.failure == nil { sched_yield() }
    }
    var failure = journal.failure
    do throws(JournalError) { try journal.close() } catch { failure = error }
    return (journal.sequence(at: .disk), failure)
  }

  // SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC.
  @Test(arguments: [13, 778, 1034] as [Int32], [1, 1000])
  func `what was kept before stays`(code: Int32, count: Int) throws {
    let ticks = StoredTicksTests.ticks(400)
    var random = Random(seed: UInt64(code) + UInt64(count))
    for _ in 0..<6 {
      let disk = try FaultyDisk()
      let change = Int.random(in: 0..<350, using: &random)
      let place: Comment = "\(code), \(count) from \(change)"
      let (kept, failure) = try Self.write(
        disk, ticks, refusing: code, from: change, count: count)
      #expect(failure == nil || "\(failure, default: "")".contains(disk.store), place)
      let read = (try? StoredTicksTests.read(disk.store)) ?? []
      #expect(read.count >= kept, place)
      #expect(SequencedTick.areEqual(read, Array(ticks.prefix(read.count))), place)
      if kept == 0 { continue }
      #expect(try StoreVerifier.verify(path: disk.store).isSound, place)
      // Whoever is told nothing has everything.
      if failure == nil { #expect(read.count == ticks.count, place) }
    }
  }
}
