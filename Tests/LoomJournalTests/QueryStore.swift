import LoomCore

@testable import LoomJournal

/// A store of odd ticks in several groups, some of them rejected, and what SQL finds in it.
final class QueryStore: Sendable {
  let folder: StoreFolder
  let ticks: [SequencedTick]
  let rejects: [Reject]
  var path: String { folder.store }

  static let symbols = ["EURUSD", "A", "a", "", "5", "007", "ß, \"x\""]

  init(_ count: Int, batch: Int) throws {
    let folder = try StoreFolder()
    let ticks = Self.odd(StoredTicksTests.ticks(count))
    let rejects = stride(from: 2, to: count, by: 17).enumerated().map { place, index in
      let reasons = RejectReason.allCases
      return Reject(sequence: UInt64(index + 1), reason: reasons[place % reasons.count])
    }
    var store = try Store(path: folder.store, configuration: StoreTests.configuration)
    for (place, name) in Self.symbols.enumerated() {
      try store.register(SymbolID(rawValue: UInt32(place)), name: name)
    }
    for (place, name) in ["ticks.csv", "live"].enumerated() {
      try store.register(SourceID(rawValue: UInt16(place)), name: name)
    }
    for start in stride(from: 0, to: count, by: batch) {
      let some = Array(ticks[start..<min(count, start + batch)])
      try store.append(ticks: some.span)
      try store.commitBatch()
    }
    try store.append(rejects: rejects.span)
    try store.close()
    self.folder = folder
    self.ticks = ticks
    self.rejects = rejects
  }

  /// Times of all kinds, and not in order.
  private static func odd(_ ticks: [SequencedTick]) -> [SequencedTick] {
    var ticks = ticks
    let extremes: [Int64] = [.min, .max, 0, -1, -1_000_000_000, 951_782_400_000_000_000]
    for place in ticks.indices where place % 19 == 4 {
      ticks[place].tick.time = ticks[place - 4].tick.time
    }
    for place in ticks.indices where place % 1009 == 7 {
      ticks[place].tick.time = Timestamp(nanoseconds: extremes[place / 1009 % extremes.count])
      ticks[place].tick.askSize = .infinity
      ticks[place].tick.lastSize = -.infinity
    }
    return ticks
  }

  func rows(_ sql: String) throws -> [[QueryValue]] { try Self.rows(sql, path) }

  static func rows(_ sql: String, _ path: String) throws -> [[QueryValue]] {
    var query = try StoreQuery(sql, ofStoreAt: path)
    var rows: [[QueryValue]] = []
    while try query.next() { rows.append(query.columns.indices.map { query[$0] }) }
    return rows
  }

  /// How many blocks a query decodes, and how many rows it has.
  func decoded(_ sql: String) throws -> (blocks: Int, rows: Int) {
    var query = try StoreQuery(sql, ofStoreAt: path)
    var rows = 0
    while try query.next() { rows += 1 }
    return (query.decodedBlocks, rows)
  }

  /// What goes wrong with a query, in words; nil where nothing does.
  static func error(_ sql: String, _ path: String) -> QueryError? {
    do {
      _ = try rows(sql, path)
      return nil
    } catch {
      return error as? QueryError
    }
  }
}
