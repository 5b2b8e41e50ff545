import LoomCore
import Testing

struct CorrelationPrecisionTests {
  // A debug build of the C loops takes 40 times as long; the error would show in either.
  static var manyRows: Int {
    #if DEBUG
      100_000
    #else
      1_000_000
    #endif
  }

  @Test(arguments: [0.0, 0.1])
  func `does not drift over many rows`(missing: Double) throws {
    var correlation = try makeCorrelation(.rolling(window: 1000), minimum: 3, capacity: 3)
    var random = SeededGenerator(seed: 1)
    var recent: [[Double]] = []
    for index in 0..<Self.manyRows {
      let row = (0..<3).map { _ in
        random.unit() < missing ? Double.nan : 1e-4 * (random.unit() - 0.5)
      }
      correlation.take(row)
      if index >= Self.manyRows - 1000 { recent.append(row) }
    }
    #expect(deviation(correlation, recent) < 1e-12)
  }

  @Test(arguments: [0.0, 0.2], [1, 2] as [UInt64])
  func `is exact again once a glitch has left`(missing: Double, seed: UInt64) throws {
    var rows = returnRows(90, symbols: 5, missing: missing, seed: seed)
    rows[20][1] = 1e6
    rows[24][3] = -1e6
    rows[24][4] = 1e6
    var correlation = try makeCorrelation(.rolling(window: 16), minimum: 3, capacity: 5)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
  }

  @Test(
    arguments: [CorrelationEstimator.rolling(window: 16), .exponential(decay: 0.9)], [0.0, 0.3])
  func `variance may be 1e-11 of the mean square`(
    estimator: CorrelationEstimator, missing: Double
  ) throws {
    let rows = returnRows(60, symbols: 4, missing: missing, seed: 3).map { row in
      row.map { 1e-4 + 3e-6 * $0 }
    }
    var correlation = try makeCorrelation(estimator, minimum: 3, capacity: 4)
    for end in rows.indices {
      correlation.take(rows[end])
      // The oracle's own rounding is 1e-16 / 3e-6 of a deviation.
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
  }

  @Test func `weights do not underflow however long a pair is apart`() throws {
    var correlation = try makeCorrelation(.exponential(decay: 0.5), minimum: 3, capacity: 3)
    let rows = returnRows(10, symbols: 3, seed: 4)
    for row in rows { correlation.take(row) }
    let before = correlation[0, 1]
    for index in 0..<5000 { correlation.take(index.isMultiple(of: 2) ? [1e-4] : [-1e-4]) }
    #expect(correlation[0, 1].correlation == before.correlation)
    #expect(correlation[0, 1].covariance == before.covariance)
    #expect(correlation[0, 1].jointRows == 10)
    // All weight is on the new joint rows: the old ones are 5000 rows older.
    for row in rows.reversed() { correlation.take(row) }
    var afresh = try makeCorrelation(.exponential(decay: 0.5), minimum: 3, capacity: 3)
    for row in rows.reversed() { afresh.take(row) }
    #expect(abs(correlation[0, 1].covariance - afresh[0, 1].covariance) < 1e-20)
    #expect(correlation[0, 1].jointRows == 20)
  }

  @Test func `the scale of a symbol does not matter`() throws {
    let rows = returnRows(40, symbols: 3, missing: 0.1, seed: 5)
    var plain = try makeCorrelation(.rolling(window: 16), minimum: 3, capacity: 3)
    var scaled = try makeCorrelation(.rolling(window: 16), minimum: 3, capacity: 3)
    for row in rows {
      plain.take(row)
      scaled.take([row[0] * 0x1p-40, row[1] * 0x1p60, row[2]])
      #expect(bits(plain) == bits(scaled))
    }
  }
}
