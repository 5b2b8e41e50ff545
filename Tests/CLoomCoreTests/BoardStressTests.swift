import CLoomCore
import Dispatch
import Foundation
import Synchronization
import Testing

/// The board with matrices of 500 symbols at full speed, natively: `make stress` has it go on for ten
/// seconds and say how much was read.
///
/// A record is compared byte by byte with what was written, which finds what any checksum finds, and
/// at the speed of memcmp even where nothing is optimised.
@Suite(.serialized)
struct BoardStressTests {
  /// Nil where it is one test among others.
  static let seconds = ProcessInfo.processInfo.environment["LOOM_STRESS_SECONDS"]
    .flatMap(Double.init)
  /// A correlation and a joint count for each pair, and a header.
  static let recordSize = 64 + 12 * 500 * 501 / 2

  @Test func `four readers find no torn matrix, and one that stops stalls nobody`() throws {
    let matrices = Matrices(size: Self.recordSize)
    var created: OpaquePointer?
    try #require(loom_board_create(5, &created) == .ok)
    nonisolated(unsafe) let board = try #require(created)
    defer { loom_board_destroy(board) }
    matrices.write(1, to: board)
    var stopped = loom_held()
    try #require(loom_board_hold(board, &stopped))
    let isDone = Atomic(false)
    let reads = Atomic(0)
    let torn = Atomic(0)
    let backward = Atomic(0)
    let group = DispatchGroup()
    for reader in 0..<4 {
      DispatchQueue(label: "reader \(reader)").async(group: group) {
        var count = 0
        var last = UInt64(0)
        var held = loom_held()
        // A place each, so that none is ever refused.
        while !loom_board_hold(board, &held) {}
        while !isDone.load(ordering: .relaxed) || count == 0 {
          let (number, isWhole) = matrices.check(held)
          if !isWhole { torn.add(1, ordering: .relaxed) }
          if number < last { backward.add(1, ordering: .relaxed) }
          (last, count) = (number, count + 1)
          loom_board_advance(board, &held)
        }
        loom_board_release(board, held.slot)
        reads.add(count, ordering: .relaxed)
      }
    }
    let end = ContinuousClock.now + .seconds(Self.seconds ?? 1)
    var number = UInt64(1)
    while ContinuousClock.now < end {
      number += 1
      matrices.write(number, to: board)
    }
    isDone.store(true, ordering: .relaxed)
    group.wait()
    let (first, isWhole) = matrices.check(stopped)
    #expect(first == 1 && isWhole)
    loom_board_release(board, stopped.slot)
    #expect(torn.load(ordering: .relaxed) == 0)
    #expect(backward.load(ordering: .relaxed) == 0)
    #expect(loom_board_count(board) == number)
    if let seconds = Self.seconds {
      let read = reads.load(ordering: .relaxed)
      let wrong = torn.load(ordering: .relaxed)
      print("\(seconds) s: \(number) matrices written, \(read) read, \(wrong) torn")
    }
  }
}

/// Records that are known by their number.
private final class Matrices: Sendable {
  private let size: Int
  private let pattern: [UInt8]
  private static let kinds = 4096

  init(size: Int) {
    self.size = size
    var word = UInt64(1)
    var pattern: [UInt8] = []
    pattern.reserveCapacity(size + 8 * Self.kinds)
    for _ in 0..<(size / 8 + Self.kinds) {
      word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      withUnsafeBytes(of: word) { pattern.append(contentsOf: $0) }
    }
    self.pattern = pattern
  }

  /// Where the bytes of a record begin: every other number has others in every place.
  private func begin(_ number: UInt64) -> Int { 8 * Int(number % UInt64(Self.kinds)) }

  func write(_ number: UInt64, to board: OpaquePointer) {
    var (bytes, before): (UnsafeMutableRawPointer?, Int) = (nil, 0)
    guard loom_board_begin(board, size, &bytes, &before) == .ok, let bytes else { return }
    bytes.storeBytes(of: number, as: UInt64.self)
    pattern.withUnsafeBytes { pattern in
      let source = pattern[begin(number)..<begin(number) + size - 8]
      UnsafeMutableRawBufferPointer(start: bytes + 8, count: size - 8)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
    }
    loom_board_publish(board)
  }

  /// The number of a record, and whether the rest is of the same one.
  func check(_ held: loom_held) -> (UInt64, Bool) {
    guard let bytes = held.bytes, held.size == size else { return (0, false) }
    let number = bytes.load(as: UInt64.self)
    return pattern.withUnsafeBytes { pattern in
      guard let start = pattern.baseAddress else { return (number, false) }
      return (number, memcmp(bytes + 8, start + begin(number), size - 8) == 0)
    }
  }
}
