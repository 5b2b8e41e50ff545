import LoomCore
import Synchronization
import Testing

@testable import LoomPublishing

/// The writer works while the sequence waits: what happens when is no matter of chance.
struct VersionUpdatesTests {
  @Test func `gives the newest and how many were missed`() async throws {
    let writer = try Writer(holders: 1)
    // How many versions appear in each wait; an empty one changes nothing.
    let script = [0, 1, 3, 0, 1, 10]
    let clock = ScriptedClock { wait in
      if wait < script.count { writer.publish(script[wait]) } else { writer.finish() }
    }
    var seen: [[Int]] = []
    for await update in writer.reader.updates(clock: clock) {
      seen.append([Int(update.version.number), update.missed])
    }
    #expect(seen == [[1, 0], [4, 2], [5, 0], [15, 9]])
  }

  @Test func `begins with what is there, and ends with the last`() async throws {
    let writer = try Writer(holders: 1)
    writer.publish(7)
    writer.finish()
    let clock = ScriptedClock { _ in Issue.record("there is nothing to wait for") }
    var numbers: [UInt64] = []
    for await update in writer.reader.updates(clock: clock) {
      numbers.append(update.version.number)
    }
    #expect(numbers == [7])
  }

  @Test func `ends when the writer goes away`() async throws {
    let writer = try Writer(holders: 1)
    let clock = ScriptedClock { wait in
      writer.publish(2)
      if wait == 1 { writer.leave() }
    }
    var numbers: [UInt64] = []
    for await update in writer.reader.updates(clock: clock) {
      numbers.append(update.version.number)
    }
    #expect(numbers == [2, 4])
  }

  @Test func `waits for a place, and what it gave stays`() async throws {
    let writer = try Writer(holders: 1)
    writer.publish(1)
    let kept = Mutex<VersionUpdate?>(nil)
    let clock = ScriptedClock { wait in
      writer.publish(1)
      kept.withLock { kept in
        #expect(kept?.version[SymbolID(rawValue: 0), SymbolID(rawValue: 0)] == 1)
        if wait == 3 { kept = nil }
      }
    }
    var updates = writer.reader.updates(clock: clock).makeAsyncIterator()
    await Self.move(updates.next(), to: kept)
    let second = await updates.next()
    #expect(second?.version.number == 5)
    #expect(second?.missed == 3)
  }

  /// Nothing here refers to it afterwards.
  private static func move(_ update: VersionUpdate?, to place: borrowing Mutex<VersionUpdate?>) {
    place.withLock { $0 = update }
  }

  @Test func `numbers may begin anywhere`() async throws {
    let writer = try Writer(holders: 1, after: 1000)
    let clock = ScriptedClock { wait in if wait < 2 { writer.publish(2) } else { writer.finish() } }
    var seen: [[Int]] = []
    for await update in writer.reader.updates(clock: clock) {
      seen.append([Int(update.version.number), update.missed])
    }
    #expect(seen == [[1002, 0], [1004, 1]])
  }

  @Test func `ends when its task is cancelled`() async throws {
    let writer = try Writer(holders: 1)
    let reader = writer.reader
    let task = Task {
      var count = 0
      for await _ in reader.updates(every: .seconds(86_400)) { count += 1 }
      return count
    }
    task.cancel()
    let count = await task.value
    #expect(count == 0)
  }
}

/// A board's writer that several may call.
private final class Writer: Sendable {
  private struct State: ~Copyable {
    var board: VersionBoard?
    var number: UInt64
  }

  let reader: VersionReader
  private let state: Mutex<State>

  init(holders: Int, after number: UInt64 = 0) throws {
    let board = try VersionBoard(holders: holders)
    reader = board.reader
    state = Mutex(State(board: board, number: number))
  }

  func publish(_ count: Int) {
    state.withLock { state in
      for _ in 0..<count {
        state.number += 1
        let number = state.number
        try? state.board?.publish(symbolCount: 1) { header, correlations, _ in
          header.number = number
          correlations[0] = Double(number)
        }
      }
    }
  }

  func finish() { state.withLock { $0.board?.finish() } }

  func leave() { state.withLock { $0.board = nil } }
}

/// A clock on which every wait is over at once; what is to happen meanwhile it calls.
private struct ScriptedClock: Clock {
  private let inner = ContinuousClock()
  private let waits = Counter()
  private let during: @Sendable (Int) -> Void

  init(_ during: @escaping @Sendable (Int) -> Void) { self.during = during }

  var now: ContinuousClock.Instant { inner.now }
  var minimumResolution: Duration { inner.minimumResolution }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    during(waits.next())
  }
}

private final class Counter: Sendable {
  private let count = Atomic(0)
  func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
}
