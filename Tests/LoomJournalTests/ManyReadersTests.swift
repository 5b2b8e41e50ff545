import Dispatch
import Foundation
import LoomCore
import LoomSystem
import Synchronization
import Testing

@testable import LoomJournal

/// Readers disturb neither each other nor whoever writes, and the log stays short.
struct ManyReadersTests {
  /// A batch of nearly a megabyte each.
  private static func append(_ batches: ClosedRange<Int>, to store: inout Store) throws {
    let symbols = (0..<390).map { SymbolID(rawValue: $0) }
    let pairs = 390 * 391 / 2
    let (correlation, counts) = (
      [Double](repeating: 0.5, count: pairs), [Int32](repeating: 7, count: pairs)
    )
    for number in batches {
      try store.append(
        matrixOf: UInt64(number), symbols: symbols.span, correlation: correlation.span,
        jointRows: counts.span)
      try store.append(
        version: UInt64(number), time: Timestamp(nanoseconds: 0), hash: Hash128(high: 0, low: 0))
      try store.commitBatch()
    }
  }

  private static func logMegabytes(_ folder: StoreFolder) -> Int {
    StoreFile.size(folder.store + "-wal") >> 20
  }

  /// Looks at the versions and the matrices as they are at one moment; returns how many.
  private static func count(_ path: String) throws -> Int {
    let database = try Database.reading(path)
    let matrices = try database.integer("SELECT max(version) FROM matrices") ?? 0
    let versions = try database.integer("SELECT max(number) FROM versions") ?? 0
    guard matrices == versions else { throw CocoaError(.fileReadCorruptFile) }
    return versions
  }

  /// 20 threads with ten connections each, now and then at the same time.
  @Test func `two hundred at once`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    try Self.append(1...1, to: &store)
    let errors = Mutex<[String]>([])
    let turns = (0..<20).map { _ in DispatchSemaphore(value: 0) }
    let group = DispatchGroup()
    for turn in turns {
      DispatchQueue(label: "readers").async(group: group) {
        do {
          let held = try (0..<9).map { _ in try Holder(folder.store) }
          var last = 0
          for _ in 0..<12 {
            turn.wait()
            let found = try Self.count(folder.store)
            let counts = try held.map { try $0.count() }
            guard found >= last, counts.allSatisfy({ $0 >= found }) else {
              throw CocoaError(.fileReadCorruptFile)
            }
            last = found
          }
        } catch { errors.withLock { $0.append("\(error)") } }
      }
    }
    var most = 0
    for batch in 2...120 {
      try Self.append(batch...batch, to: &store)
      if batch % 10 == 0 { for turn in turns { turn.signal() } }
      most = max(most, Self.logMegabytes(folder))
    }
    group.wait()
    try store.close()
    let all = errors.withLock { $0 }
    #expect(all == [])
    #expect(most < 60)
    #expect(try Self.count(folder.store) == 120)
  }

  /// A reader whose connection stays open between two looks.
  private final class Holder: Sendable {
    private let database: Database

    init(_ path: String) throws { database = try Database(path: path, isReadOnly: true) }

    func begin() throws {
      try database.execute("BEGIN")
      _ = try count()
    }

    func end() throws { try database.execute("COMMIT") }

    func count() throws -> Int {
      try database.integer("SELECT max(number) FROM versions") ?? 0
    }
  }

  /// The first of them has to make the index of the log, and the others have to wait for it.
  @Test func `all at once after a kill`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    try Self.append(1...10, to: &store)
    let killed = folder.path + "/killed.db"
    try FileManager.default.copyItem(atPath: folder.store, toPath: killed)
    try FileManager.default.copyItem(atPath: folder.store + "-wal", toPath: killed + "-wal")
    try store.close()
    let errors = Mutex<[String]>([])
    for _ in 0..<5 {
      try? FileManager.default.removeItem(atPath: killed + "-shm")
      DispatchQueue.concurrentPerform(iterations: 16) { _ in
        do {
          let count = try Self.count(killed)
          if count != 10 { throw CocoaError(.fileReadCorruptFile) }
        } catch { errors.withLock { $0.append("\(error)") } }
      }
    }
    let all = errors.withLock { $0 }
    #expect(all == [])
  }

  /// There is always somebody who reads the log, as the next one begins before one ends.
  @Test func `readers that take turns`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    try Self.append(1...1, to: &store)
    let isDone = Atomic(false)
    let turns = Atomic(0)
    let group = DispatchGroup()
    let path = folder.store
    DispatchQueue(label: "readers").async(group: group) {
      do {
        let readers = try [Holder(path), Holder(path)]
        try readers[0].begin()
        var turn = 0
        while !isDone.load(ordering: .relaxed) {
          try readers[(turn + 1) % 2].begin()
          try readers[turn % 2].end()
          turn += 1
          turns.store(turn, ordering: .relaxed)
        }
      } catch { turns.store(-1, ordering: .relaxed) }
    }
    while turns.load(ordering: .relaxed) == 0 { sched_yield() }
    var most = 0
    for batch in 2...100 {
      try Self.append(batch...batch, to: &store)
      most = max(most, Self.logMegabytes(folder))
    }
    isDone.store(true, ordering: .relaxed)
    group.wait()
    try store.close()
    #expect(turns.load(ordering: .relaxed) > 10)
    #expect(most < 60)
  }

  /// It needs what the log held when it began; once it is gone, so is the log.
  @Test func `one that stays has the log grow until it goes`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    try Self.append(1...2, to: &store)
    do {
      let database = try Database.reading(folder.store)
      try Self.append(3...60, to: &store)
      #expect(Self.logMegabytes(folder) > 50)
      #expect(try database.integer("SELECT max(number) FROM versions") == 2)
    }
    var least = Int.max
    for batch in 61...140 {
      try Self.append(batch...batch, to: &store)
      least = min(least, Self.logMegabytes(folder))
    }
    #expect(least < 5)
    try store.close()
  }

  /// A replay may take as long as it likes.
  @Test func `stored inputs are no reader that stays`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    let ticks = StoredTicksTests.ticks(40_000)
    for start in stride(from: 0, to: 40_000, by: 5000) {
      try store.append(ticks: ticks.span.extracting(start..<start + 5000))
      try store.commitBatch()
    }
    var stored = try StoredTicks(path: folder.store)
    var (all, some): ([SequencedTick], [SequencedTick]) = ([], [])
    var most = 0
    for batch in 0..<4 {
      let isMore = try stored.read(into: &some)
      #expect(isMore)
      all += some
      try Self.append(batch * 20 + 1...batch * 20 + 20, to: &store)
      most = max(most, Self.logMegabytes(folder))
    }
    let late = StoredTicksTests.ticks(10, from: 40_001)
    try store.append(ticks: late.span)
    try store.commitBatch()
    while try stored.read(into: &some) { all += some }
    // What came after it was opened is not read.
    #expect(SequencedTick.areEqual(all, ticks))
    #expect(most < 30)
    try store.close()
  }
}
