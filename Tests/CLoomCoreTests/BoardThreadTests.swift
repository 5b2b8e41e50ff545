import CLoomCore
import Dispatch
import Synchronization
import Testing

/// The board between a writer and readers at full speed.
///
/// Natively a torn record would show as words that differ; under `--sanitize=thread` these fail as
/// soon as one of the orders that lead from a record's bytes to its readers and back is relaxed.
struct BoardThreadTests {
  @Test(arguments: [(1, 1, 8), (4, 4, 8), (4, 4, 512), (3, 2, 64)])
  func `no read is torn, and none goes back`(readers: Int, holders: UInt32, words: Int) throws {
    var created: OpaquePointer?
    try #require(loom_board_create(holders, &created) == .ok)
    nonisolated(unsafe) let board = try #require(created)
    defer { loom_board_destroy(board) }
    write(0, words: words, to: board)
    let isDone = Atomic(false)
    let torn = Atomic(0)
    let backward = Atomic(0)
    let reads = Atomic(0)
    let group = DispatchGroup()
    for reader in 0..<readers {
      DispatchQueue(label: "reader \(reader)").async(group: group) {
        var (last, count) = (UInt64(0), 0)
        while !isDone.load(ordering: .relaxed) || count == 0 {
          var held = loom_held()
          guard loom_board_hold(board, &held), let bytes = held.bytes else { continue }
          let first = bytes.load(as: UInt64.self)
          if first < last { backward.add(1, ordering: .relaxed) }
          last = first
          for word in 1..<words
          where bytes.load(fromByteOffset: 8 * word, as: UInt64.self) != first {
            torn.add(1, ordering: .relaxed)
          }
          loom_board_release(board, held.slot)
          count += 1
        }
        reads.add(count, ordering: .relaxed)
      }
    }
    for number in 1...5_000 as ClosedRange<UInt64> { write(number, words: words, to: board) }
    isDone.store(true, ordering: .relaxed)
    group.wait()
    #expect(torn.load(ordering: .relaxed) == 0)
    #expect(backward.load(ordering: .relaxed) == 0)
    #expect(reads.load(ordering: .relaxed) >= readers)
    #expect(loom_board_count(board) == 5_001)
  }

  @Test func `a reader that stops for ever stalls nobody`() throws {
    var created: OpaquePointer?
    try #require(loom_board_create(2, &created) == .ok)
    nonisolated(unsafe) let board = try #require(created)
    defer { loom_board_destroy(board) }
    write(1, words: 8, to: board)
    var stopped = loom_held()
    #expect(loom_board_hold(board, &stopped))
    let last = Atomic(UInt64(0))
    let reader = DispatchQueue(label: "reader")
    reader.async {
      while last.load(ordering: .relaxed) < 10_000 {
        var held = loom_held()
        guard loom_board_hold(board, &held), let bytes = held.bytes else { continue }
        last.store(bytes.load(as: UInt64.self), ordering: .relaxed)
        loom_board_release(board, held.slot)
      }
    }
    for number in 2...10_000 as ClosedRange<UInt64> { write(number, words: 8, to: board) }
    reader.sync {}
    let bytes = try #require(stopped.bytes)
    for word in 0..<8 { #expect(bytes.load(fromByteOffset: 8 * word, as: UInt64.self) == 1) }
    loom_board_release(board, stopped.slot)
  }

  private func write(_ value: UInt64, words: Int, to board: OpaquePointer) {
    var (bytes, before): (UnsafeMutableRawPointer?, Int) = (nil, 0)
    guard loom_board_begin(board, 8 * words, &bytes, &before) == .ok, let bytes else { return }
    for word in 0..<words { bytes.storeBytes(of: value, toByteOffset: 8 * word, as: UInt64.self) }
    loom_board_publish(board)
  }
}
