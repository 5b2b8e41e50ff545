import Foundation
import LoomSystem
import Testing

struct SortedSpoolTests {
  /// A record as the tests compare it; its text tells its place of arrival.
  struct Record: Equatable {
    var time: Int64
    var order: UInt64
    var text: String
  }

  /// Records in disorder, many of equal time and order, of any length, some empty.
  private func records(_ count: Int, spread: UInt64, seed: UInt64) -> [Record] {
    var random = SplitMix(state: seed)
    return (0..<count).map { arrival in
      Record(
        time: Int64(arrival) / 4 + Int64(random.next() % spread) - 5, order: random.next() % 3,
        text: random.next() % 16 == 0
          ? "" : String(repeating: "\(arrival),", count: Int(random.next() % 20)))
    }
  }

  /// A plain stable sort.
  private func sorted(_ records: [Record]) -> [Record] {
    records.enumerated().sorted { left, right in
      (left.element.time, left.element.order, left.offset)
        < (right.element.time, right.element.order, right.offset)
    }.map(\.element)
  }

  private func append(_ record: Record, to spool: inout SortedSpool) throws {
    try spool.append(time: record.time, order: record.order, Array(record.text.utf8).span)
  }

  private func rest(_ spool: consuming SortedSpool) throws -> [Record] {
    var left: [Record] = []
    var records = try spool.finish()
    while try records.next() {
      let text = records.withRecord { self.text($0) }
      left.append(Record(time: records.time, order: records.order, text: text))
    }
    return left
  }

  private func text(_ bytes: Span<UInt8>) -> String {
    String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4], [0, 300, 5000, 60_000, 1 << 30])
  func `is a stable sort for any bound on memory`(seed: UInt64, limit: Int) throws {
    let input = records(3000, spread: 1 + seed * 200, seed: seed)
    var spool = SortedSpool(memoryLimitBytes: limit)
    for record in input { try append(record, to: &spool) }
    #expect(try rest(spool) == sorted(input), "seed \(seed), limit \(limit)")
  }

  @Test(arguments: [UInt64(5), 6, 7, 8], [2000, 1 << 30])
  func `drains and finishes in one order`(seed: UInt64, limit: Int) throws {
    let input = records(5000, spread: 40, seed: seed)
    var spool = SortedSpool(memoryLimitBytes: limit)
    var output: [Record] = []
    for (arrival, record) in input.enumerated() {
      try append(record, to: &spool)
      // What comes later is not earlier than its own quarter less five.
      spool.drain(below: Int64(arrival + 1) / 4 - 5) { time, order, bytes in
        output.append(Record(time: time, order: order, text: text(bytes)))
      }
    }
    if limit > 2000 { #expect(output.count > 4000) }
    output += try rest(spool)
    #expect(output == sorted(input), "seed \(seed), limit \(limit)")
  }

  @Test func `keeps what is not below the frontier`() throws {
    var spool = SortedSpool()
    for time in 0..<1000 {
      try append(Record(time: Int64(time), order: 0, text: "\(time)"), to: &spool)
    }
    var drained: [Int64] = []
    spool.drain(below: 700) { time, _, _ in drained.append(time) }
    #expect(drained == Array(0..<700))
    #expect(try rest(spool).map(\.time) == Array(700..<1000))
  }

  @Test func `takes what was formatted`() throws {
    var row = TextBuffer()
    row.append(42)
    var spool = SortedSpool()
    try spool.append(time: 1, order: 2, row)
    #expect(try rest(spool) == [Record(time: 1, order: 2, text: "42")])
  }

  @Test func `gives nothing when it was given nothing`() throws {
    #expect(try rest(SortedSpool()).isEmpty)
  }

  @Test func `orders the extremes of both keys`() throws {
    let input = [
      Record(time: .max, order: .max, text: "d"), Record(time: .min, order: .max, text: "b"),
      Record(time: .max, order: 0, text: "c"), Record(time: .min, order: 0, text: "a"),
    ]
    var spool = SortedSpool(memoryLimitBytes: 0)
    for record in input { try append(record, to: &spool) }
    #expect(try rest(spool).map(\.text) == ["a", "b", "c", "d"])
  }

  @Test func `a record larger than every bound comes through`() throws {
    let long = String(repeating: "0123456789", count: 300_000)
    var spool = SortedSpool(memoryLimitBytes: 100)
    for time in [3, 1, 2] {
      try append(Record(time: Int64(time), order: 0, text: time == 1 ? long : "x"), to: &spool)
    }
    #expect(try rest(spool).map(\.text.utf8.count) == [3_000_000, 1, 1])
  }

  @Test func `names the folder where it cannot write`() throws {
    var spool = SortedSpool(memoryLimitBytes: 0, temporaryFolder: "/nowhere")
    let record = Record(time: 1, order: 0, text: "x")
    try append(record, to: &spool)
    let error = SystemError.failed(.spool, path: "/nowhere", code: ENOENT)
    #expect(throws: error) { try append(record, to: &spool) }
    #expect(error.description.hasSuffix("name another folder in the environment variable TMPDIR"))
  }

  @Test func `a failure of the taker is handed on`() throws {
    struct Full: Error {}
    var spool = SortedSpool()
    try append(Record(time: 1, order: 0, text: "x"), to: &spool)
    #expect(throws: Full.self) {
      try spool.drain(below: 2) { _, _, _ throws(Full) in throw Full() }
    }
  }

  @Test func `refuses a record earlier than what has left`() async {
    await #expect(processExitsWith: .failure) {
      var spool = SortedSpool()
      spool.drain(below: 10) { _, _, _ in }
      try spool.append(time: 9, order: 0, TextBuffer())
    }
  }
}
