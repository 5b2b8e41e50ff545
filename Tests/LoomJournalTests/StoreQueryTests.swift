import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// The table of ticks, and what may be asked of a store.
struct StoreQueryTests {
  private static let columns = """
    seq, time, symbol, bid, ask, bid_size, ask_size, last, size, venue_seq, flags, reason, \
    time_ns, receive_ns, source
    """

  /// Numbers by their bits, so that -0 is not 0.
  private static func number(_ value: Double) -> String {
    value.isNaN ? "NULL" : "\(value.bitPattern)"
  }

  private static func text(_ value: QueryValue) -> String {
    switch value {
    case .null: "NULL"
    case .integer(let number): "\(number)"
    case .real(let value): number(value)
    case .text(let text): "'\(text)'"
    case .blob(let bytes): "\(bytes)"
    }
  }

  private static func expected(_ store: QueryStore) -> [[String]] {
    let reasons = Dictionary(uniqueKeysWithValues: store.rejects.map { ($0.sequence, $0.reason) })
    let formatter = ISO8601DateFormatter()
    return store.ticks.map { record in
      let tick = record.tick
      let (second, fraction) = tick.time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      let floor = fraction < 0 ? second - 1 : second
      let date = formatter.string(from: Date(timeIntervalSince1970: Double(floor)))
      let digits = String(fraction < 0 ? fraction + 1_000_000_000 : fraction)
      let padded = String(repeating: "0", count: 9 - digits.count) + digits
      let place = tick.symbol.index
      let source = tick.source.index
      return [
        "\(record.sequence)", "'\(date.dropLast()).\(padded)Z'",
        place < QueryStore.symbols.count ? "'\(QueryStore.symbols[place])'" : "NULL",
        number(tick.bid), number(tick.ask), number(tick.bidSize), number(tick.askSize),
        number(tick.last), number(tick.lastSize),
        tick.venueSequence == 0 ? "NULL" : "\(Int64(bitPattern: tick.venueSequence))",
        "\(tick.flags.rawValue)", reasons[record.sequence].map { "'\($0.name)'" } ?? "NULL",
        "\(tick.time.nanoseconds)", "\(tick.receiveTime.nanoseconds)",
        source < 2 ? ["'ticks.csv'", "'live'"][source] : "NULL",
      ]
    }
  }

  private static let sizes = [(0, 1), (1, 1), (9000, 700), (70_000, 70_000)]

  @Test(arguments: sizes)
  func `every column is what was stored`(count: Int, batch: Int) throws {
    let store = try QueryStore(count, batch: batch)
    let rows = try store.rows("SELECT \(Self.columns) FROM ticks").map { $0.map(Self.text) }
    let expected = Self.expected(store)
    #expect(rows.count == expected.count)
    let wrong = zip(rows, expected).first { $0 != $1 }
    #expect(wrong == nil, "\(String(describing: wrong))")
  }

  @Test(arguments: 0..<15)
  func `a column alone is what it is beside the others`(place: Int) throws {
    let store = try QueryStore(5000, batch: 1300)
    let name = Self.columns.split(separator: ", ")[place]
    let alone = try store.rows("SELECT \(name) FROM ticks").map { $0.map(Self.text) }
    #expect(alone == Self.expected(store).map { [$0[place]] })
  }

  @Test func `the hidden columns are not part of all`() throws {
    let store = try QueryStore(3, batch: 3)
    let query = try StoreQuery("SELECT * FROM ticks", ofStoreAt: store.path)
    let names = query.columns.joined(separator: ", ")
    #expect(names == Self.columns.components(separatedBy: ", time_ns")[0])
  }

  @Test func `rows come in order of sequence without being sorted`() throws {
    let store = try QueryStore(20_000, batch: 9000)
    let sequences = try store.rows("SELECT seq FROM ticks ORDER BY seq").map { $0[0] }
    #expect(sequences == (1...20_000).map { .integer($0) })
    let plan = try store.rows("EXPLAIN QUERY PLAN SELECT seq FROM ticks ORDER BY seq")
    #expect(!"\(plan)".contains("B-TREE"))
    let backwards = try store.rows("SELECT seq FROM ticks ORDER BY seq DESC LIMIT 2").map { $0[0] }
    #expect(backwards == [.integer(20_000), .integer(19_999)])
  }

  @Test func `only blocks that can hold what is asked for are decoded`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    try store.register(SymbolID(rawValue: 3), name: "D")
    let ticks = (0..<200_000).map { place in
      SequencedTick(
        sequence: UInt64(place + 1),
        tick: Tick(
          time: Timestamp(nanoseconds: Int64(place) * 1000),
          symbol: SymbolID(rawValue: UInt32(place % 8)), bid: 1, ask: 2))
    }
    try store.append(ticks: ticks.span)
    try store.close()
    func decoded(_ condition: String) throws -> [Int] {
      var query = try StoreQuery(
        "SELECT count(*) FROM ticks WHERE \(condition)", ofStoreAt: folder.store)
      guard try query.next(), case .integer(let rows) = query[0] else { return [] }
      return [query.decodedBlocks, Int(rows)]
    }
    #expect(try decoded("1") == [49, 200_000])
    // Three groups have 16 blocks, two for each symbol, and the last one has one.
    #expect(try decoded("symbol = 'D'") == [7, 25_000])
    #expect(try decoded("symbol = 'D' AND time_ns BETWEEN 70000000 AND 71000000") == [1, 125])
    #expect(
      try decoded(
        "symbol = 'D' AND time >= '1970-01-01T00:00:00.07' AND time < '1970-01-01T00:00:00.071'")
        == [1, 125])
    #expect(try decoded("seq BETWEEN 10 AND 20") == [8, 11])
    #expect(try decoded("seq = 65536") == [1, 1])
    #expect(try decoded("seq > 199999") == [1, 1])
    let nothing = ["symbol = 'E'", "symbol = NULL", "seq < 1", "time < '1970'", "time_ns > 9e99"]
    for condition in nothing {
      #expect(try decoded(condition) == [0, 0], "\(condition)")
    }
  }

  @Test func `a query sees one moment of a store that is written`() throws {
    let folder = try StoreFolder()
    let ticks = StoredTicksTests.ticks(300)
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    let (first, second) = (Array(ticks[..<100]), Array(ticks[100..<200]))
    let third = Array(ticks[200...])
    try store.append(ticks: first.span)
    try store.commitBatch()
    var query = try StoreQuery("SELECT seq FROM ticks", ofStoreAt: folder.store)
    var seen = 0
    #expect(try QueryStore.rows("SELECT seq FROM ticks", folder.store).count == 100)
    while try query.next() {
      seen += 1
      if seen > 1 { continue }
      try store.append(ticks: second.span)
      try store.commitBatch()
    }
    #expect(seen == 100)
    #expect(try QueryStore.rows("SELECT seq FROM ticks", folder.store).count == 200)
    try store.append(ticks: third.span)
    try store.close()
    #expect(try QueryStore.rows("SELECT seq FROM ticks", folder.store).count == 300)
  }

  @Test func `a query that nobody waits for ends`() throws {
    let store = try QueryStore(5000, batch: 5000)
    let cancellation = Cancellation()
    var query = try StoreQuery(
      "SELECT count(*) FROM ticks a, ticks b", ofStoreAt: store.path, cancellation: cancellation)
    cancellation.request()
    var found: QueryError?
    do { _ = try query.next() } catch { found = error }
    #expect(found == .interrupted)
  }

  @Test func `the values of all types come as they are`() throws {
    let store = try QueryStore(1, batch: 1)
    let rows = try store.rows(
      "SELECT 1, -0.5, 'a' || char(0) || 'b', x'00ff', NULL, '', x'', 9e999")
    #expect(
      rows == [
        [
          .integer(1), .real(-0.5), .text("a\0b"), .blob([0, 255]), .null, .text(""), .blob([]),
          .real(.infinity),
        ]
      ])
  }
}
