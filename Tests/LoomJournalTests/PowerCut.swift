import Foundation
import LoomCore
import LoomSystem
import Synchronization

@testable import LoomJournal

/// A journal at work while the power is cut again and again: what is left is looked at each time.
///
/// Safe to send: what changes is guarded by the lock.
final class PowerCut: Sendable {
  /// What the cuts of one journal have found.
  struct Findings {
    var cuts = 0
    /// How often something was said to be kept by then.
    var cutsWithInputs = 0
    /// Inputs that were said to be kept, and are not there.
    var lost: [String] = []
    /// Anything else that must not be.
    var wrong: [String] = []
  }

  let durability: Durability
  let kind: FaultyDisk.Kind
  private let seed: UInt64
  private let isWeak: Bool
  private let ticks: [SequencedTick]
  private let chunks: [Int]
  /// From here on a checkpoint is near, and cuts come eight times as often.
  private let dense: UInt64
  private let state: Mutex<(findings: Findings, random: Random)>
  private let journal = Mutex<Journal?>(nil)

  /// Plans a journal with so many commits; the seed decides what each holds, and the cuts.
  init(
    seed: UInt64, commits: Int, durability: Durability, kind: FaultyDisk.Kind, isWeak: Bool = false
  ) {
    var random = Random(seed: seed)
    chunks = (0..<commits).map { _ in Int.random(in: 1...40, using: &random) }
    ticks = StoredTicksTests.ticks(chunks.reduce(0, +))
    dense = UInt64(chunks.prefix(125).reduce(0, +))
    (self.seed, self.durability, self.kind, self.isWeak) = (seed, durability, kind, isWeak)
    state = Mutex((Findings(), random))
  }

  /// Writes everything, with a cut before each change with a chance of `1 / often`.
  func run(oneIn often: Int) throws -> Findings {
    let disk = try FaultyDisk()
    if isWeak { disk.weaken() }
    disk.beforeEachChange { [unowned disk] in self.maybeCut(disk, often) }
    try write(to: disk.store)
    disk.beforeEachChange(nil)
    return state.withLock { $0.findings }
  }

  private func write(to path: String) throws {
    let options = try JournalOptions(durability: durability, interval: .zero, capacity: 1024)
    let journal = try Journal(
      path: path, configuration: StoreTests.configuration, options: options)
    self.journal.withLock { $0 = journal }
    guard var input = journal.input() else { return }
    var start = 0
    for count in chunks {
      let some = Array(ticks[start..<start + count])
      start += input.append(some.span)
      // Each comes alone, so that a seed always makes the same changes.
      while journal.sequence(at: durability) < start, journal.failure == nil { sched_yield() }
    }
    try journal.close()
    self.journal.withLock { $0 = nil }
  }

  /// On the thread of the journal: nothing more is said to be kept meanwhile.
  private func maybeCut(_ disk: FaultyDisk, _ often: Int) {
    let written = journal.withLock { $0?.sequence(at: .os) ?? 0 }
    let often = written >= dense ? max(1, often / 8) : often
    let seed = state.withLock { state -> UInt64? in
      Int.random(in: 0..<often, using: &state.random) == 0
        ? UInt64.random(in: 0...(.max), using: &state.random) : nil
    }
    guard let seed else { return }
    let level = kind == .cut ? Durability.disk : .os
    let kept = journal.withLock { $0?.sequence(at: level) ?? 0 }
    let found = Result { try look(at: disk.survivors(kind, seed: seed), kept: kept) }
    state.withLock { state in
      state.findings.cuts += 1
      if kept > 0 { state.findings.cutsWithInputs += 1 }
      switch found {
      case .success(nil): break
      case .success(.lost(let what)): state.findings.lost.append("\(self.seed), \(seed): \(what)")
      case .success(.wrong(let what)): state.findings.wrong.append("\(self.seed), \(seed): \(what)")
      case .failure(let error): state.findings.wrong.append("\(self.seed), \(seed): \(error)")
      }
    }
  }

  private enum Finding { case lost(String), wrong(String) }

  /// Nil where what was said to be kept is there as it was, and what else is there is right.
  private func look(at folder: StoreFolder, kept: UInt64) throws -> Finding? {
    let read: [SequencedTick]
    do throws(JournalError) { read = try Self.read(folder.store) } catch {
      // What was never finished being made may be refused.
      if kept == 0, Self.isRefusal(error) { return nil }
      return kept > 0 ? .lost("\(kept) inputs: \(error)") : .wrong("\(error)")
    }
    guard read.count <= ticks.count, SequencedTick.areEqual(read, Array(ticks[..<read.count]))
    else {
      return .wrong("\(read.count) inputs are not the first ones")
    }
    if read.count < kept { return .lost("\(read.count) of \(kept) inputs") }
    // A torn end of the log is left out, as it should be; verifying would tell it.
    try Database(path: folder.store).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let report = try StoreVerifier.verify(path: folder.store)
    let isWhole = report.isSound && report.inputs == read.count
    return isWhole ? nil : .wrong("\(report.findings)")
  }

  private static func read(_ path: String) throws(JournalError) -> [SequencedTick] {
    var stored = try StoredTicks(path: path)
    var (all, group): ([SequencedTick], [SequencedTick]) = ([], [])
    while try stored.read(into: &group) { all += group }
    return all
  }

  private static func isRefusal(_ error: JournalError) -> Bool {
    switch error {
    case .missing, .unreadable, .notAStore: true
    default: false
    }
  }
}
