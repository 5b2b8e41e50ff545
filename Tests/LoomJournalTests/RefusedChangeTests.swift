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

  /// Inputs and what comes beside them, while changes are refused for a while again and again.
  @Test(arguments: [13, 778, 1034] as [Int32])
  func `once changes are possible again everything is kept, and once`(code: Int32) throws {
    let disk = try FaultyDisk()
    var random = Random(seed: UInt64(code))
    // A refused try is followed by the next after a tenth of a second.
    let refused = Set((0..<12).map { _ in Int.random(in: 8..<1200, using: &random) / 2 })
    let journal = try Journal(
      path: disk.store, configuration: StoreTests.configuration,
      options: JournalOptions(durability: .disk, interval: .zero, capacity: 1024))
    guard var input = journal.input() else { return }
    let tries = Mutex(0)
    disk.beforeEachChange { [unowned disk] in
      let number = tries.withLock { tries in
        tries += 1
        return tries
      }
      disk.refuseChanges(refused.contains(number / 2) ? code : 0)
    }
    let ticks = StoredTicksTests.ticks(1200)
    var failures = 0
    for start in stride(from: 0, to: ticks.count, by: 20) {
      let part = Array(ticks[start..<start + 20])
      #expect(input.append(part.span) == 20)
      let last = UInt64(start + 20)
      input.append(
        clock: ClockEvent(afterSequence: last, time: Timestamp(nanoseconds: Int64(last))))
      if start % 200 == 0 {
        input.register(SymbolID(rawValue: UInt32(start / 200)), name: "S\(start)")
        input.append(StoreSnapshot(sequence: last, state: [UInt8(start / 200)]))
      }
      while journal.sequence(at: .disk) < last { if journal.isFailing { failures += 1 } }
    }
    disk.beforeEachChange(nil)
    disk.refuseChanges(0)
    try journal.close()
    #expect(failures > 0)
    #expect(SequencedTick.areEqual(try StoredTicksTests.read(disk.store), ticks))
    let stored = try StoredTicks(path: disk.store)
    #expect(stored.clockEvents.map(\.afterSequence) == (1...60).map { UInt64($0 * 20) })
    #expect(stored.symbols == (0..<6).map { "S\($0 * 200)" })
    #expect(try StoreVerifier.verify(path: disk.store).isSound)
    #expect(try StoreResumption(path: disk.store).snapshot?.sequence == 1020)
  }
}
