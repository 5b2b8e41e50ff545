import LoomCore
import Testing

struct RecordRingTests {
  @Test func `pops behind what an array holds, never more than asked for`() throws {
    var ring = try RecordRing<Int64>(capacity: 8)
    let records: [Int64] = [1, 2, 3, 4, 5]
    let pushed = ring.producer.push(records.span)
    var taken: [Int64] = [0]
    let counts = [
      ring.consumer.pop(appendingTo: &taken, atMost: 0),
      ring.consumer.pop(appendingTo: &taken, atMost: 2),
      ring.consumer.pop(appendingTo: &taken, atMost: 8),
      ring.consumer.pop(appendingTo: &taken, atMost: 8),
    ]
    #expect(pushed == 5 && counts == [0, 2, 3, 0])
    #expect(taken == [0, 1, 2, 3, 4, 5])
  }

  @Test func `goes on over the end of its memory`() throws {
    var ring = try RecordRing<Int64>(capacity: 4)
    var taken: [Int64] = []
    for start in stride(from: Int64(0), to: 30, by: 3) {
      let records = [start, start + 1, start + 2]
      _ = ring.producer.push(records.span)
      _ = ring.consumer.pop(appendingTo: &taken, atMost: 4)
    }
    #expect(taken == Array(0..<30))
  }
}
