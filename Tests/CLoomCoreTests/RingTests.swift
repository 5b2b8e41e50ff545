import CLoomCore
import Testing

struct CRingTests {
  @Test(arguments: [0, 3, 6, 1000, UInt32.max])
  func `create refuses a capacity that is not a power of two`(capacity: UInt32) {
    var ring: OpaquePointer?
    #expect(loom_ring_create(capacity, 8, &ring) == .badArgument)
    #expect(ring == nil)
  }

  @Test(arguments: [0, 4097, UInt32.max])
  func `create refuses a record size out of range`(recordSize: UInt32) {
    var ring: OpaquePointer?
    #expect(loom_ring_create(8, recordSize, &ring) == .badArgument)
    #expect(ring == nil)
  }

  @Test func `the status values are those that are stored and logged`() {
    #expect([CoreStatus.ok, .badArgument, .outOfMemory].map(\.rawValue) == [0, 1, 2])
  }

  @Test func `destroying nothing is fine`() { loom_ring_destroy(nil) }

  @Test func `nothing goes in or out without a buffer`() throws {
    let ring = try create(capacity: 4, recordSize: 8)
    defer { loom_ring_destroy(ring) }
    #expect(loom_ring_push(ring, nil, 0) == 0)
    #expect(loom_ring_pop(ring, nil, 0) == 0)
    #expect(loom_ring_count(ring) == 0)
  }

  @Test(arguments: [1, 7, 40, 79, 80, 81, 88, 128, 4096] as [UInt32])
  func `records of every size keep their bytes across the wrap`(recordSize: UInt32) throws {
    let ring = try create(capacity: 8, recordSize: recordSize)
    defer { loom_ring_destroy(ring) }
    let size = Int(recordSize)
    var written = 0
    for batch in [5, 8, 1, 3, 8, 7] {
      let bytes = (written..<written + batch * size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      written += batch * size
      #expect(loom_ring_push(ring, bytes, UInt32(batch)) == batch)
      var popped = [UInt8](repeating: 0, count: 8 * size)
      #expect(loom_ring_pop(ring, &popped, 8) == batch)
      #expect(popped.prefix(batch * size) == bytes[...])
    }
  }

  @Test(arguments: [1, 2, 3, 5])
  func `pop writes no more than it says`(count: Int) throws {
    let ring = try create(capacity: 8, recordSize: 80)
    defer { loom_ring_destroy(ring) }
    let bytes = [UInt8](repeating: 1, count: 400)
    #expect(loom_ring_push(ring, bytes, UInt32(count)) == count)
    var popped = [UInt8](repeating: 9, count: 640)
    #expect(loom_ring_pop(ring, &popped, 8) == count)
    #expect(popped.prefix(count * 80).allSatisfy { $0 == 1 })
    #expect(popped.dropFirst(count * 80).allSatisfy { $0 == 9 })
  }

  @Test func `a full ring takes what fits and says how much that was`() throws {
    let ring = try create(capacity: 4, recordSize: 1)
    defer { loom_ring_destroy(ring) }
    #expect(loom_ring_capacity(ring) == 4)
    #expect(push([1, 2, 3], into: ring) == 3)
    #expect(push([4, 5, 6], into: ring) == 1)
    #expect(push([7], into: ring) == 0)
    #expect(loom_ring_count(ring) == 4)
    var popped: [UInt8] = [0, 0]
    #expect(loom_ring_pop(ring, &popped, 2) == 2)
    #expect(popped == [1, 2])
    #expect(push([8, 9, 10], into: ring) == 2)
    var rest = [UInt8](repeating: 0, count: 6)
    #expect(loom_ring_pop(ring, &rest, 6) == 4)
    #expect(rest == [3, 4, 8, 9, 0, 0])
    #expect(loom_ring_count(ring) == 0)
  }

  /// Not in place: an array literal handed to a raw pointer is one of `Int`.
  private func push(_ bytes: [UInt8], into ring: OpaquePointer) -> UInt32 {
    loom_ring_push(ring, bytes, UInt32(bytes.count))
  }

  private func create(capacity: UInt32, recordSize: UInt32) throws -> OpaquePointer {
    var ring: OpaquePointer?
    try #require(loom_ring_create(capacity, recordSize, &ring) == .ok)
    return try #require(ring)
  }
}
