import CLoomCore
import Testing

struct CBoardTests {
  @Test(arguments: [0, 4001, UInt32.max])
  func `create refuses a number of holders out of range`(holders: UInt32) {
    var board: OpaquePointer?
    #expect(loom_board_create(holders, &board) == .badArgument)
    #expect(board == nil)
  }

  @Test func `destroying nothing is fine`() { loom_board_destroy(nil) }

  @Test func `there is nothing to hold before the first record`() throws {
    let board = try create(holders: 1)
    defer { loom_board_destroy(board) }
    var held = loom_held()
    for _ in 0..<3 { #expect(!loom_board_hold(board, &held)) }
    #expect(loom_board_count(board) == 0)
    try write(7, to: board)
    #expect(loom_board_count(board) == 1)
    #expect(loom_board_hold(board, &held))
    #expect(value(held) == 7)
    loom_board_release(board, held.slot)
  }

  @Test func `an empty record is refused`() throws {
    let board = try create(holders: 1)
    defer { loom_board_destroy(board) }
    var (bytes, before): (UnsafeMutableRawPointer?, Int) = (nil, 0)
    #expect(loom_board_begin(board, 0, &bytes, &before) == .badArgument)
    try write(1, to: board)
    loom_board_publish(board)  // nothing was begun
    #expect(loom_board_count(board) == 1)
  }

  @Test(.enabled(if: memoryIsRefused)) func `the latest stays where there is no memory`() throws {
    let board = try create(holders: 1)
    defer { loom_board_destroy(board) }
    try write(1, to: board)
    var (bytes, before): (UnsafeMutableRawPointer?, Int) = (nil, 0)
    #expect(loom_board_begin(board, .max, &bytes, &before) == .outOfMemory)
    #expect(value(try hold(board)) == 1)
    try write(2, to: board)
    #expect(loom_board_count(board) == 2)
  }

  @Test(arguments: [1, 2, 5])
  func `what is held stays while newer records come`(holders: UInt32) throws {
    let board = try create(holders: holders)
    defer { loom_board_destroy(board) }
    #expect(loom_board_holders_max(board) == holders)
    var kept: [loom_held] = []
    for number in 1...UInt64(holders) {
      try write(number, to: board)
      var held = loom_held()
      #expect(loom_board_hold(board, &held))
      kept.append(held)
    }
    var refused = loom_held()
    #expect(!loom_board_hold(board, &refused))
    for number in 100...200 as ClosedRange<UInt64> { try write(number, to: board) }
    for (index, held) in kept.enumerated() {
      #expect(value(held) == UInt64(index) + 1)
      loom_board_release(board, held.slot)
    }
    #expect(loom_board_hold(board, &refused))
    #expect(value(refused) == 200)
    loom_board_release(board, refused.slot)
  }

  @Test func `one record held many times takes a place each`() throws {
    let board = try create(holders: 3)
    defer { loom_board_destroy(board) }
    try write(1, to: board)
    let held = try (0..<3).map { _ in try hold(board) }
    var refused = loom_held()
    #expect(!loom_board_hold(board, &refused))
    try write(2, to: board)
    for one in held {
      #expect(value(one) == 1)
      loom_board_release(board, one.slot)
    }
    let last = try hold(board)
    #expect(value(last) == 2)
    loom_board_release(board, last.slot)
  }

  @Test func `records may grow, and say what was there before`() throws {
    let board = try create(holders: 1)
    defer { loom_board_destroy(board) }
    for size in [8, 64, 65, 4096, 16, 4096, 4096, 4096] {
      var (bytes, before): (UnsafeMutableRawPointer?, Int) = (nil, -1)
      #expect(loom_board_begin(board, size, &bytes, &before) == .ok)
      let room = try #require(bytes)
      #expect(Int(bitPattern: room) % 64 == 0)
      #expect([0, 8, 16, 64, 65, 4096].contains(before))
      room.initializeMemory(as: UInt8.self, repeating: UInt8(size & 255), count: size)
      loom_board_publish(board)
      let held = try hold(board)
      #expect(held.size == size)
      let record = UnsafeRawBufferPointer(start: held.bytes, count: size)
      #expect(record.allSatisfy { $0 == size & 255 })
      loom_board_release(board, held.slot)
    }
  }

  private func create(holders: UInt32) throws -> OpaquePointer {
    var board: OpaquePointer?
    try #require(loom_board_create(holders, &board) == .ok)
    return try #require(board)
  }

  private func write(_ value: UInt64, to board: OpaquePointer) throws {
    var (bytes, before): (UnsafeMutableRawPointer?, Int) = (nil, 0)
    try #require(loom_board_begin(board, 8, &bytes, &before) == .ok)
    bytes?.storeBytes(of: value, as: UInt64.self)
    loom_board_publish(board)
  }

  private func hold(_ board: OpaquePointer) throws -> loom_held {
    var held = loom_held()
    try #require(loom_board_hold(board, &held))
    return held
  }

  private func value(_ held: loom_held) -> UInt64? { held.bytes?.load(as: UInt64.self) }
}
