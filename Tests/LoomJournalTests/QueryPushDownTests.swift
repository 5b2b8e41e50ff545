import LoomCore
import Testing

@testable import LoomJournal

/// A condition that decides what is read finds the same rows as one that SQLite looks at alone.
struct QueryPushDownTests {
  /// The columns `[x]` as they are, or cast to what they are: that keeps a condition from the table,
  /// so that SQLite looks at each row itself.
  private static func text(_ sql: String, cast: Bool) -> String {
    sql.replacing(#/\[([\w.]+)\]/#) { match in
      if !cast { return String(match.1) }
      let isNumber = match.1.hasSuffix("seq") || match.1.hasSuffix("_ns")
      return "CAST(\(match.1) AS \(isNumber ? "INTEGER" : "TEXT"))"
    }
  }

  private static let store = Result { try QueryStore(6000, batch: 1700) }

  @Test(arguments: 0..<12)
  func `what is read is what is asked for`(seed: UInt64) throws {
    let store = try Self.store.get()
    var random = QueryConditions(seed: seed)
    for _ in 0..<25 {
      let condition = random.condition(store.ticks)
      let sql = "SELECT seq, symbol, bid FROM ticks WHERE " + condition
      let read = try store.rows(Self.text(sql, cast: false))
      let compared = try store.rows(Self.text(sql, cast: true))
      // With OR rows may come in another order.
      let isSame = Self.bySequence(read) == Self.bySequence(compared)
      #expect(isSame, "\(condition)")
    }
  }

  private static func bySequence(_ rows: [[QueryValue]]) -> [[QueryValue]] {
    rows.sorted { left, right in
      guard case .integer(let left) = left[0], case .integer(let right) = right[0] else {
        return false
      }
      return left < right
    }
  }

  @Test(arguments: [
    "SELECT ticks.seq FROM (SELECT 5 AS n UNION SELECT '7' UNION SELECT 1e99) JOIN ticks ON [seq] = n",
    "SELECT ticks.seq FROM (SELECT CAST(5 AS INTEGER) AS n) JOIN ticks ON [symbol] = n",
    "SELECT seq FROM ticks WHERE [symbol] = 'eurusd' COLLATE NOCASE",
    "SELECT seq FROM ticks WHERE [symbol] IN ('A', 'nobody', NULL, 5) ORDER BY seq",
    "SELECT seq FROM ticks WHERE [seq] IN (5, 3, '4', 1.5, 4096) ORDER BY seq",
    "SELECT seq FROM ticks WHERE [seq] = 5 OR [symbol] = 'a' ORDER BY seq",
    "SELECT a.seq, b.seq FROM ticks a JOIN ticks b ON [b.seq] = a.seq + 1 WHERE [a.symbol] = 'A'",
    "SELECT count(*) FROM ticks WHERE [time] > 5 AND [time] < x'00'",
    "SELECT count(*) FROM ticks WHERE [time] LIKE '2023-11-14T22:13:20.5%'",
    "SELECT max(seq) FROM ticks WHERE [symbol] = (SELECT name FROM symbols WHERE id = 1)",
    "SELECT seq FROM ticks WHERE [symbol] IS NULL AND [seq] < 200",
  ])
  func `conditions of other kinds too`(sql: String) throws {
    let store = try Self.store.get()
    let read = try store.rows(Self.text(sql, cast: false))
    let compared = try store.rows(Self.text(sql, cast: true))
    #expect(read == compared)
  }
}

/// Random conditions over the columns that decide what is read.
private struct QueryConditions {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func condition(_ ticks: [SequencedTick]) -> String {
    let count = 1 + next(4)
    let parts = (0..<count).map { _ in part(ticks) }
    return parts.joined(separator: next(8) == 0 ? " OR " : " AND ")
  }

  private mutating func part(_ ticks: [SequencedTick]) -> String {
    let tick = ticks[next(ticks.count)]
    switch next(4) {
    case 0:
      let name = QueryStore.symbols[next(QueryStore.symbols.count)]
      let value = ["'\(name)'", "'\(name)'", "'none'", "5", "NULL", "7.0"][next(6)]
      return "[symbol] = \(value)"
    case 1: return "[seq]" + comparison() + number(Int64(tick.sequence))
    case 2: return "[time_ns]" + comparison() + number(tick.tick.time.nanoseconds)
    default:
      let whole = "\(tick.tick.time)"
      let cut = String(whole.prefix(1 + next(whole.count + 1)))
      let value = ["'\(cut)'", "'\(cut)'", "'\(cut)~'", "''", "3"][next(5)]
      return "[time]" + comparison() + value
    }
  }

  private mutating func comparison() -> String { [" = ", " < ", " <= ", " > ", " >= "][next(5)] }

  private mutating func number(_ value: Int64) -> String {
    let near = value &+ Int64(next(3) - 1)
    switch next(10) {
    case 0: return "'\(near)'"
    case 1: return "\(Double(near))"
    case 2: return "\(Double(near / 2) + 0.5)"
    case 3: return ["NULL", "'x'", "x'31'", "9e999", "-9e999", "1e19", "-1e19"][next(7)]
    case 4: return ["9223372036854775807", "-9223372036854775808"][next(2)]
    default: return "\(near)"
    }
  }
}
