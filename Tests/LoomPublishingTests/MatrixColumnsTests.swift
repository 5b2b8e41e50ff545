import LoomCore
import LoomSystem
import Testing

@testable import LoomPublishing

/// Symbols that come late, in any order, fall silent and return.
struct MatrixColumnsTests {
  private static let window = 8

  init() { BLAS.useOneThread() }

  /// Returns of a market in which symbols are there in spells; `late` come in reverse order.
  private func market(_ symbols: Int, rows: Int, seed: UInt64) -> [[Double]] {
    var random = SplitMix(state: seed)
    var isThere = (0..<symbols).map { _ in Bool.random(using: &random) }
    return (0..<rows).map { row in
      let common = Double.random(in: -1...1, using: &random)
      return (0..<symbols).map { symbol in
        if Int.random(in: 0..<20, using: &random) == 0 { isThere[symbol].toggle() }
        // From some row on nobody is away for long.
        let isHere = row > 8 * Self.window || (isThere[symbol] && row > symbols - symbol)
        let value = common + Double.random(in: -1...1, using: &random)
        return isHere && Int.random(in: 0..<25, using: &random) > 0 ? value : .nan
      }
    }
  }

  private func publisher(_ estimator: CorrelationEstimator) throws -> VersionPublisher {
    try VersionPublisher(
      configuration: CorrelationConfiguration(estimator: estimator, minimumPeriods: 3),
      configurationText: "")
  }

  private func row(_ number: Int, _ returns: [Double]) -> ReturnRow? {
    let row = ReturnRow(
      start: Timestamp(nanoseconds: Int64(number) * 1_000_000_000), returns: returns)
    return row.present.isEmpty ? nil : row
  }

  @Test(arguments: [2, 7, 9, 40], [1, 2, 3] as [UInt64])
  func `a matrix of columns is that of all symbols`(symbols: Int, seed: UInt64) throws {
    for estimator in [.rolling(window: Self.window), .exponential(decay: 0.9)]
      as [CorrelationEstimator]
    {
      var publisher = try publisher(estimator)
      var all = try Correlation(
        CorrelationConfiguration(estimator: estimator, minimumPeriods: 3), capacity: symbols)
      for (number, returns) in market(symbols, rows: 200, seed: seed).enumerated() {
        guard let row = row(number, returns) else { continue }
        try publisher.publish(row)
        all.update(returns.span)
        let difference = difference(publisher, all)
        #expect(difference < 1e-13, "row \(number)")
      }
    }
  }

  /// The largest difference of an entry; infinite where the two do not agree on what is defined.
  private func difference(
    _ publisher: borrowing VersionPublisher, _ all: borrowing Correlation
  ) -> Double {
    let snapshot = publisher.latest.snapshot()
    var worst = 0.0
    for first in 0..<all.symbolCount {
      for second in 0..<all.symbolCount {
        let (one, other) = (SymbolID(rawValue: UInt32(first)), SymbolID(rawValue: UInt32(second)))
        let (pair, expected) = (publisher.pair(one, other), all[first, second])
        let value = publisher.latest[one, other]
        guard pair.jointRows == expected.jointRows, pair.reason == expected.reason,
          publisher.latest.jointCount(one, other) == expected.jointRows,
          value.bitPattern == snapshot[one, other].bitPattern,
          value.isNaN == expected.correlation.isNaN, value.isNaN == pair.correlation.isNaN,
          snapshot.jointCount(one, other) == expected.jointRows
        else { return .infinity }
        if !value.isNaN { worst = max(worst, abs(value - expected.correlation)) }
      }
    }
    return worst
  }

  /// In the order in which they came, whoever was first in the end has the bits of registration.
  @Test(arguments: [7, 8, 9, 31, 64, 130])
  func `the order in which symbols come leaves no trace`(symbols: Int) throws {
    var publisher = try publisher(.rolling(window: Self.window))
    var all = try Correlation(
      CorrelationConfiguration(estimator: .rolling(window: Self.window), minimumPeriods: 3),
      capacity: symbols)
    var random = SplitMix(state: UInt64(symbols))
    let step = max(1, symbols / 20)
    for number in 0..<(symbols / step + 5 * Self.window) {
      let common = Double.random(in: -1...1, using: &random)
      let returns = (0..<symbols).map { symbol in
        number * step >= symbols - symbol
          ? common + Double.random(in: -1...1, using: &random) : .nan
      }
      guard let row = row(number, returns) else { continue }
      try publisher.publish(row)
      all.update(returns.span)
    }
    var expected = [Double](repeating: 0, count: Correlation.packedCount(symbols))
    var room = expected.mutableSpan
    all.copyCorrelations(into: &room)
    let snapshot = publisher.latest.snapshot()
    #expect(snapshot.correlations.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test(arguments: [5, 12, 30], [1, 2] as [UInt64])
  func `a version is rebuilt from the rows since the anchor before the last`(
    symbols: Int, seed: UInt64
  ) throws {
    let window = Self.window
    var publisher = try publisher(.rolling(window: window))
    let rows = market(symbols, rows: 150, seed: seed).filter { row(0, $0) != nil }
    for end in rows.indices {
      try publisher.publish(try #require(row(end, rows[end])))
      let version = publisher.latest.withSymbols { span in span.indices.map { span[$0].index } }
      let first = max(0, (end + 1) / window * window - window)
      #expect(Set(version) == present(in: rows[first...end]))
      var rebuilt = try Correlation(
        CorrelationConfiguration(estimator: .rolling(window: window), minimumPeriods: 3),
        capacity: symbols, firstRow: first)
      for row in rows[first...end] {
        let returns = version.map { row[$0] }
        rebuilt.update(returns.span)
      }
      var expected = [Double](repeating: 0, count: Correlation.packedCount(version.count))
      var room = expected.mutableSpan
      rebuilt.copyCorrelations(into: &room)
      let bits = publisher.latest.withCorrelations { span in
        span.indices.map { span[$0].bitPattern }
      }
      #expect(bits == expected.map(\.bitPattern), "row \(end)")
    }
  }

  private func present(in rows: ArraySlice<[Double]>) -> Set<Int> {
    Set(rows.flatMap { row in row.indices.filter { !row[$0].isNaN } })
  }

  @Test func `a symbol comes with its first return and leaves at an anchor`() throws {
    var publisher = try publisher(.rolling(window: 4))
    var columns: [[Int]] = []
    let rows: [[Double]] = [
      [.nan, .nan, 1], [.nan, 1, .nan], [2, .nan, .nan], [1, .nan, .nan],  // an anchor: in order
      [1, .nan, .nan, .nan, 1], [1], [1], [1],  // 1 and 2 have been silent for a window
      [.nan, 3], [1], [1], [1],
    ]
    for (number, returns) in rows.enumerated() {
      try publisher.publish(try #require(row(number, returns)))
      let symbols = publisher.latest.withSymbols { span in span.indices.map { span[$0].index } }
      columns.append(symbols)
    }
    #expect(columns[..<4] == [[2], [2, 1], [2, 1, 0], [0, 1, 2]])
    #expect(columns[4..<8] == [[0, 1, 2, 4], [0, 1, 2, 4], [0, 1, 2, 4], [0, 4]])
    #expect(columns[8...] == [[0, 4, 1], [0, 4, 1], [0, 4, 1], [0, 1]])
    let header = publisher.latest.header
    #expect(header.symbolCount == 5)
    #expect(header.columnCount == 2)
    let absent = SymbolID(rawValue: 3)
    #expect(publisher.latest.column(of: absent) == nil)
    #expect(publisher.pair(absent, absent).reason == .notActive)
    #expect(publisher.pair(.unknown, absent).correlation.isNaN)
  }

  @Test func `exponentially weighted nobody leaves`() throws {
    var publisher = try publisher(.exponential(decay: 0.5))
    try publisher.publish(try #require(row(0, [.nan, 1])))
    for number in 1...100 { try publisher.publish(try #require(row(number, [1, .nan]))) }
    let symbols = publisher.latest.withSymbols { span in span.indices.map { span[$0].index } }
    #expect(symbols == [1, 0])
  }

  @Test func `covariances are those of all symbols`() throws {
    var publisher = try publisher(.rolling(window: 4))
    for (number, returns) in [[.nan, .nan, 1], [1, .nan, 3], [2, .nan, 2], [4, .nan, 0.5]]
      .enumerated()
    {
      try publisher.publish(try #require(row(number, returns)))
    }
    var packed = [Double](repeating: 0, count: 6)
    var room = packed.mutableSpan
    publisher.copyCovariances(into: &room)
    #expect(packed.map(\.isNaN) == [false, true, false, true, true, false])
    // Rows (1, 3), (2, 2), (4, 0.5): deviations (−4, −1, 5)/3 and (7, 1, −8)/6.
    #expect(abs(packed[2] - (-69.0 / 18 / 2)) < 1e-12)
  }
}
