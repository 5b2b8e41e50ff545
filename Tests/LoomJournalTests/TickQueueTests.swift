import Foundation
import LoomCore
import Synchronization
import Testing

@testable import LoomJournal

/// What is put in is kept, in the order of the sequences that were given for it.
struct TickQueueTests {
  private func tick(_ number: Int) -> Tick {
    Tick(
      time: Timestamp(nanoseconds: Int64(number)), symbol: .unknown, last: Double(number),
      lastSize: 1, flags: .trade)
  }

  @Test func `ticks of many threads have one order, and come back`() async throws {
    let folder = try StoreFolder()
    let queue = try TickQueue(path: folder.store, options: JournalOptions(capacity: 64))
    let given = Mutex<[UInt64: Int]>([:])
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for number in 0..<500 {
        let price = thread * 1000 + number + 1
        guard let sequence = try? queue.enqueue(tick(price), of: "S\(number % 7)") else { return }
        given.withLock { $0[sequence] = price }
      }
    }
    try await queue.reached(.os, 2000)
    #expect(queue.level(of: 2000) == .os)
    #expect(queue.level(of: 2001) == nil)
    try queue.close()
    let all = try StoredTicksTests.read(folder.store)
    #expect(all.map(\.sequence) == Array(1...2000))
    let names = try StoredTicks(path: folder.store).symbols
    #expect(Set(names) == Set((0..<7).map { "S\($0)" }))
    for record in all {
      let price = try #require(given.withLock { $0[record.sequence] })
      #expect(record.tick.last == Double(price))
      #expect(names[record.tick.symbol.index] == "S\((price - 1) % 1000 % 7)")
    }
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
  }

  @Test func `it goes on behind what it holds`() async throws {
    let folder = try StoreFolder()
    for round in 0..<3 {
      let queue = try TickQueue(path: folder.store)
      for number in 0..<10 {
        let sequence = try queue.enqueue(tick(number + 1), of: "S\(number % (round + 1))")
        #expect(sequence == UInt64(round * 10 + number + 1))
      }
      try await queue.reached(.disk, UInt64(round * 10 + 10))
      #expect(queue.level(of: UInt64(round * 10 + 10)) == .disk)
      try queue.close()
      #expect(throws: JournalError.closed) { try queue.enqueue(tick(1), of: "S0") }
    }
    #expect(try StoredTicksTests.read(folder.store).count == 30)
    #expect(try StoredTicks(path: folder.store).symbols == ["S0", "S1", "S2"])
    #expect(try folder.rows("SELECT name FROM sources") == ["queue"])
  }

  @Test func `a store of a run is none, nor is a file of another kind`() throws {
    let folder = try StoreFolder()
    try SampleStore.write(to: folder.store)
    #expect(throws: JournalError.self) { _ = try TickQueue(path: folder.store) }
    let other = folder.path + "/text"
    try Data("text".utf8).write(to: URL(filePath: other))
    #expect(throws: JournalError.self) { _ = try TickQueue(path: other) }
    let queue = try TickQueue(path: folder.path + "/queue.db")
    #expect(throws: JournalError.inUse(path: folder.path + "/queue.db")) {
      _ = try TickQueue(path: folder.path + "/queue.db")
    }
    try queue.close()
  }
}
