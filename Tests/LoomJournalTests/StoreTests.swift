import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

struct StoreTests {
  static let configuration = StoreConfiguration(
    text: #"{"window": 256}"#, timeframe: .second, featureNames: ["sma_20", "odd \"name\", x"])

  static func bar(_ number: Int, symbol: UInt32 = 0) -> CleanBar {
    let price = 1 + Double(number) / 8
    return CleanBar(
      bar: Bar(
        start: Timestamp(nanoseconds: Int64(number) * 1_000_000_000 - 500_000_001),
        symbol: SymbolID(rawValue: symbol), source: SourceID(rawValue: 3), revision: 2, open: price,
        high: price + 2, low: price - 0.5, close: price + 1, volume: 10, vwap: price + 0.25,
        spreadEstimate: .nan, tickCount: 7, gapSlots: 4, firstSequence: 11, lastSequence: 1 << 40),
      logReturn: 0.125, flags: [.outlier])
  }

  static func features(_ values: Double...) -> FeatureRow {
    var row = FeatureRow(
      start: Timestamp(nanoseconds: 5), symbol: SymbolID(rawValue: 0), count: values.count)
    for (index, value) in values.enumerated() { row.values[index] = value }
    return row
  }

  @Test func `keeps every column of a bar`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: Self.configuration)
    try store.register(SymbolID(rawValue: 0), name: "EURUSD")
    try store.register(SourceID(rawValue: 3), name: "ticks.csv")
    let bars = [Self.bar(0), Self.bar(2)]
    try store.append(bars: bars.span)
    try store.close()
    let rows = try folder.rows("SELECT * FROM bars_text")
    #expect(
      rows == [
        "1969-12-31T23:59:59.499999999Z|EURUSD|1s|1.0|3.0|0.5|2.0|10.0|0.125|NULL|0|1|0|ticks.csv|1"
          + "|7|1.25|4|11|1099511627776|2",
        "1970-01-01T00:00:01.499999999Z|EURUSD|1s|1.25|3.25|0.75|2.25|10.0|0.125|NULL|0|1|0"
          + "|ticks.csv|1|7|1.5|4|11|1099511627776|2",
      ])
    #expect(
      try folder.columns("bars_text") == [
        "timestamp_utc", "symbol", "timeframe", "open", "high", "low", "close", "volume",
        "log_return_1", "spread_estimate", "is_missing", "is_outlier", "valid_bar", "source_id",
        "schema_version", "tick_count", "vwap", "gap_slots", "first_seq", "last_seq", "revision",
      ])
  }

  @Test func `keeps features under their names and NaN as nothing`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: Self.configuration)
    try store.register(SymbolID(rawValue: 0), name: "A")
    let rows = [Self.features(0.1, .nan), Self.features(-1e-300, .infinity)]
    try store.append(features: rows.span)
    try store.close()
    #expect(
      try folder.columns("features_text") == [
        "timestamp_utc", "symbol", "sma_20", "odd \"name\", x",
      ])
    #expect(
      try folder.rows("SELECT * FROM features_text") == [
        "1970-01-01T00:00:00.000000005Z|A|0.1|NULL",
        "1970-01-01T00:00:00.000000005Z|A|-1.0e-300|Inf",
      ])
  }

  @Test func `keeps names apart that a zero byte ends only in C`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: Self.configuration)
    for (place, name) in ["A", "A\0", "A\0B", ""].enumerated() {
      try store.register(SymbolID(rawValue: UInt32(place)), name: name)
    }
    try store.close()
    let rows = try folder.rows("SELECT hex(name) FROM symbols ORDER BY id")
    #expect(rows == ["41", "4100", "410042", ""])
  }

  @Test(arguments: [1, 31, 32, 33, 100, 200])
  func `how the rows are cut does not matter`(size: Int) throws {
    let folder = try StoreFolder()
    let bars = (0..<200).map { Self.bar($0) }
    let features = (0..<200).map { Self.features(Double($0) / 8, -Double($0) - 0.5) }
    var store = try Store(path: folder.store, configuration: Self.configuration)
    for start in stride(from: 0, to: 200, by: size) {
      let range = start..<min(200, start + size)
      try store.append(bars: bars.span.extracting(range))
      try store.append(features: features.span.extracting(range))
    }
    try store.close()
    #expect(
      try folder.rows("SELECT open, last_seq, revision FROM bars ORDER BY rowid")
        == (0..<200).map { "\(1 + Double($0) / 8)|1099511627776|2" })
    #expect(
      try folder.rows("SELECT sma_20, \"odd \"\"name\"\", x\" FROM features ORDER BY rowid")
        == (0..<200).map { "\(Double($0) / 8)|\(-Double($0) - 0.5)" })
  }

  @Test func `keeps versions and the bytes of their matrices`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: Self.configuration)
    let hash = Hash128(high: 1, low: 2)
    try store.append(version: 9, time: Timestamp(nanoseconds: -3), hash: hash)
    let symbols = [SymbolID(rawValue: 0), SymbolID(rawValue: 1)]
    try store.append(
      matrixOf: 9, symbols: symbols.span, correlation: [1, -0.5, 1].span, jointRows: [5, 4, 6].span)
    let none: (symbols: [SymbolID], correlation: [Double], counts: [Int32]) = ([], [], [])
    try store.append(
      matrixOf: 10, symbols: none.symbols.span, correlation: none.correlation.span,
      jointRows: none.counts.span)
    try store.close()
    #expect(
      try folder.rows("SELECT * FROM versions") == ["9|-3|00000000000000010000000000000002"])
    #expect(
      try folder.rows("SELECT * FROM versions_text")
        == ["1969-12-31T23:59:59.999999997Z|9|00000000000000010000000000000002"])
    #expect(
      try folder.rows("SELECT version, hex(symbols), hex(correlation), hex(n_eff) FROM matrices")
        == [
          "9|0000000001000000|000000000000F03F000000000000E0BF000000000000F03F"
            + "|050000000400000006000000", "10|||",
        ])
  }

  @Test func `says what it is and that the run is finished, in one file`() throws {
    let folder = try StoreFolder()
    let store = try Store(path: folder.store, configuration: Self.configuration)
    try store.close()
    #expect(
      try folder.rows("SELECT * FROM run") == [#"finished|1s|{"window": 256}"#])
    #expect(try folder.rows("PRAGMA application_id") == ["\(0x4C6F_6F6D)"])
    #expect(try folder.rows("PRAGMA journal_mode") == ["wal"])
    #expect(try folder.names() == ["run.db"])
  }

  @Test func `a reader sees whole batches while the run goes on`() throws {
    let folder = try StoreFolder()
    var store = try Store(path: folder.store, configuration: Self.configuration)
    try store.append(bars: [Self.bar(1)].span)
    try store.commitBatch()
    try store.append(bars: [Self.bar(2)].span)
    #expect(try folder.rows("SELECT count(*), (SELECT state FROM run) FROM bars") == ["1|running"])
    try store.commitBatch()
    #expect(try folder.rows("SELECT count(*) FROM bars") == ["2"])
    try store.close()
  }

  @Test func `a row of other features is a bug`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try StoreFolder()
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      try store.append(features: [StoreTests.features(1)].span)
    }
  }

  @Test func `a group with a gap, or out of its turn, is a bug`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try StoreFolder()
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      var ticks = StoredTicksTests.ticks(3)
      ticks.remove(at: 1)
      try store.append(group: ticks.span)
    }
    await #expect(processExitsWith: .failure) {
      let folder = try StoreFolder()
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      let ticks = StoredTicksTests.ticks(3)
      try store.append(group: ticks.span)
      try store.append(group: ticks.span)
    }
  }

  @Test func `a matrix of another size is a bug`() async {
    await #expect(processExitsWith: .failure) {
      let folder = try StoreFolder()
      var store = try Store(path: folder.store, configuration: StoreTests.configuration)
      let symbols = [SymbolID(rawValue: 0)]
      let numbers: [Double] = []
      try store.append(
        matrixOf: 1, symbols: symbols.span, correlation: numbers.span, jointRows: [1].span)
    }
  }

  @Test(arguments: [["a", "A"], ["symbol"], Array(repeating: "x", count: 65)])
  func `features that could not be told apart are a bug`(names: [String]) async {
    await #expect(processExitsWith: .failure) { [names] in
      _ = StoreConfiguration(text: "", timeframe: .second, featureNames: names)
    }
  }
}
