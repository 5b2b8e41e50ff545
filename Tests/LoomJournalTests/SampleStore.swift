import Foundation
import LoomCore
import LoomSystem

@testable import LoomJournal

/// A small store with something in every table, and all that can be asked of it.
enum SampleStore {
  static let tables = [
    "run", "symbols", "sources", "blocks", "rejects", "bars", "features", "versions", "matrices",
    "gaps", "digests",
  ]

  /// Writes `batches` batches of `size` inputs.
  static func write(to path: String, batches: Int = 3, size: Int = 3000, rows: Int = 70) throws {
    var store = try Store(path: path, configuration: StoreTests.configuration)
    for batch in 0..<batches { try append(batch, size, rows: rows, to: &store) }
    try store.close()
  }

  static func append(
    _ batch: Int, _ size: Int, rows: Int = 70, to store: inout Store
  ) throws {
    if batch == 0 {
      for symbol in 0..<7 {
        try store.register(SymbolID(rawValue: UInt32(symbol)), name: "SYMBOL\(symbol)")
      }
      try store.register(SourceID(rawValue: 3), name: "ticks.csv")
    }
    let ticks = StoredTicksTests.ticks(size, from: UInt64(batch * size) + 1)
    try store.append(ticks: ticks.span)
    let rejects = [Reject(sequence: UInt64(batch * size) + 5, reason: .late)]
    try store.append(rejects: rejects.span)
    let bars = (0..<rows).map { StoreTests.bar(batch * rows + $0, symbol: UInt32($0 % 7)) }
    try store.append(bars: bars.span)
    let features = (0..<rows).map { StoreTests.features(Double($0) / 7, $0 % 9 == 0 ? .nan : -0.0) }
    try store.append(features: features.span)
    let (number, time) = (UInt64(batch) + 1, Timestamp(nanoseconds: Int64(batch)))
    try store.append(version: number, time: time, hash: Hash128(high: number, low: 7))
    let symbols = (0..<7).map { SymbolID(rawValue: $0) }
    let (correlation, counts) = (
      [Double](repeating: 0.5, count: 28), [Int32](repeating: 9, count: 28)
    )
    try store.append(
      matrixOf: number, symbols: symbols.span, correlation: correlation.span,
      jointRows: counts.span)
    try store.commitBatch()
  }

  /// Every answer of a store: all rows, in the orders of the indexes, too, and all inputs.
  ///
  /// What cannot be read is an answer as well.
  static func answers(of path: String) -> [String] {
    let queries =
      tables.map { "SELECT * FROM \($0)" } + [
        "SELECT * FROM bars_text", "SELECT * FROM features_text",
        "SELECT id FROM blocks ORDER BY last_seq, first_seq",
        "SELECT id FROM blocks ORDER BY last_time_ns, first_time_ns, first_symbol, last_symbol",
        "SELECT id FROM symbols ORDER BY name",
      ]
    var answers: [String] = []
    for query in queries { answers += (try? rows(query, path)) ?? ["\(query) fails"] }
    let inputs = try? StoredTicksTests.bits(StoredTicksTests.read(path))
    answers.append(inputs.map { "\($0.hashValue)" } ?? "the inputs cannot be read")
    return answers
  }

  private static func rows(_ query: String, _ path: String) throws -> [String] {
    let database = try Database(path: path, isReadOnly: true)
    var rows = try Statement(query, on: database)
    var all: [String] = []
    while try rows.next(on: database) {
      let digest = RowDigest()
      rows.addColumns(from: 0, to: digest)
      all.append(digest.value.description)
    }
    return all
  }
}
