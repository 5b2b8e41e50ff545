import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// What is said to be kept is.
struct JournalTests {
  private static func options(
    _ durability: Durability = .os, interval: Int64 = 5_000_000, group: Int = 65_536,
    capacity: Int = 1024
  ) throws -> JournalOptions {
    try JournalOptions(
      durability: durability, interval: Nanoseconds(interval), groupCount: group,
      capacity: capacity)
  }

  private static func append(_ ticks: [SequencedTick], to input: inout JournalInput) {
    var taken = 0
    while taken < ticks.count {
      let count = input.append(ticks.span.extracting(taken...))
      if count == 0 { sched_yield() }
      taken += count
    }
  }

  private static func sequences(_ path: String) throws -> [UInt64] {
    var stored = try StoredTicks(path: path)
    var (all, group): ([UInt64], [SequencedTick]) = ([], [])
    while try stored.read(into: &group) { all += group.map(\.sequence) }
    return all
  }

  @Test(arguments: [Durability.os, .disk])
  func `what has reached a level is in the file`(durability: Durability) async throws {
    let folder = try StoreFolder()
    let journal = try Journal(
      path: folder.store, configuration: StoreTests.configuration,
      options: Self.options(durability, group: 500))
    guard var input = journal.input() else { return }
    let ticks = StoredTicksTests.ticks(5000)
    #expect(journal.level(of: 1) == nil && journal.sequence(at: .os) == 0)
    for start in stride(from: 0, to: 5000, by: 1000) {
      Self.append(Array(ticks[start..<start + 1000]), to: &input)
      let last = UInt64(start + 1000)
      #expect(journal.sequence(at: .memory) == last)
      try await journal.reached(durability, last)
      #expect(journal.level(of: last) == durability)
      #expect(journal.sequence(at: .disk) == (durability == .disk ? last : 0))
      // Another connection sees it while the journal is open.
      #expect(try Self.sequences(folder.store) == Array(1...last))
    }
    try journal.close()
    try journal.close()
    #expect(try folder.rows("SELECT state FROM run") == ["finished"])
    let appended = try StoredTicksTests.read(folder.store)
    #expect(StoredTicksTests.bits(appended) == StoredTicksTests.bits(ticks))
  }

  @Test func `closing keeps what was appended, and ends whoever waits for more`() async throws {
    let folder = try StoreFolder()
    let journal = try Journal(
      path: folder.store, configuration: StoreTests.configuration,
      options: Self.options(interval: 60_000_000_000))
    guard var input = journal.input() else { return }
    let isTaken = journal.input() == nil
    #expect(isTaken)
    Self.append(StoredTicksTests.ticks(100), to: &input)
    let never = Task { try await journal.reached(.os, 101) }
    let soon = Task { try await journal.reached(.os, 100) }
    try journal.close()
    try await soon.value
    await #expect(throws: JournalError.closed) { try await never.value }
    #expect(try Self.sequences(folder.store).count == 100)
    try await journal.reached(.os, 100)
    await #expect(throws: JournalError.closed) { try await journal.reached(.disk, 1) }
  }

  @Test func `one that goes away keeps what was appended`() throws {
    let folder = try StoreFolder()
    var journal: Journal? = try Journal(
      path: folder.store, configuration: StoreTests.configuration, options: Self.options())
    guard var input = journal?.input() else { return }
    Self.append(StoredTicksTests.ticks(3000), to: &input)
    journal = nil
    #expect(try Self.sequences(folder.store).count == 3000)
  }

  @Test func `a file that is not ours is refused at once`() throws {
    let folder = try StoreFolder()
    try Data("text".utf8).write(to: URL(filePath: folder.store))
    #expect(throws: JournalError.notAStore(path: folder.store)) {
      _ = try Journal(
        path: folder.store, configuration: StoreTests.configuration, options: Self.options())
    }
  }

  @Test func `settings out of range are told`() {
    for (options, field) in [
      ({ try Self.options(.memory) }, "durability"),
      ({ try Self.options(interval: -1) }, "interval"),
      ({ try Self.options(group: 0) }, "groupCount"),
      ({ try Self.options(capacity: 3) }, "capacity"),
    ] as [(() throws -> JournalOptions, String)] {
      #expect {
        _ = try options()
      } throws: { error in
        if case JournalError.option(field, _, _) = error { true } else { false }
      }
    }
  }

  @Test func `what never came is kept at no level`() async throws {
    let folder = try StoreFolder()
    let journal = try Journal(
      path: folder.store, configuration: StoreTests.configuration, options: Self.options())
    guard var input = journal.input() else { return }
    Self.append(StoredTicksTests.ticks(10, from: 5), to: &input)
    Self.append(StoredTicksTests.ticks(10, from: 21), to: &input)
    try await journal.reached(.os, 30)
    for sequence in [1, 4, 15, 20] as [UInt64] {
      #expect(journal.level(of: sequence) == nil)
      await #expect(throws: JournalError.notKept(sequence: sequence)) {
        try await journal.reached(.os, sequence)
      }
    }
    for sequence in [5, 14, 21, 30] as [UInt64] { #expect(journal.level(of: sequence) == .os) }
    try journal.close()
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
  }
}
