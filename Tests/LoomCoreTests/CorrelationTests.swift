import LoomCore
import Testing

struct CorrelationTests {
  @Test(arguments: [0.0, 0.05, 0.5, 0.9], [1, 2, 3] as [UInt64])
  func `rolling equals two passes over the window`(missing: Double, seed: UInt64) throws {
    let rows = returnRows(60, symbols: 9, missing: missing, seed: seed)
    var correlation = try makeCorrelation(.rolling(window: 16), minimum: 3, capacity: 9)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
  }

  @Test(arguments: [0.0, 0.05, 0.5, 0.9], [1, 2, 3] as [UInt64])
  func `exponential equals two weighted passes`(missing: Double, seed: UInt64) throws {
    let rows = returnRows(60, symbols: 9, missing: missing, seed: seed)
    var correlation = try makeCorrelation(.exponential(decay: 0.9), minimum: 3, capacity: 9)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
  }

  static let both: [CorrelationEstimator] = [.rolling(window: 12), .exponential(decay: 0.95)]

  @Test(arguments: both)
  func `a symbol may enter at any row`(estimator: CorrelationEstimator) throws {
    let rows = returnRows(50, symbols: 6, seed: 4).enumerated().map { index, row in
      Array(row.prefix(1 + index / 8))
    }
    var correlation = try makeCorrelation(estimator, minimum: 3, capacity: 7)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
    #expect(correlation.symbolCount == 7 - 1)
  }

  @Test(arguments: both)
  func `a silent symbol leaves a rolling matrix and may return`(
    estimator: CorrelationEstimator
  ) throws {
    var rows = returnRows(70, symbols: 4, seed: 5)
    for row in 20..<50 { rows[row][2] = .nan }
    var correlation = try makeCorrelation(estimator, minimum: 3, capacity: 4)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
      let silent = estimator == Self.both[0] && (31..<50).contains(end)
      #expect(correlation.isActive(2) == !silent)
      #expect((correlation[2, 0].reason == .notActive) == silent)
      #expect(correlation.activeSymbols == (silent ? [0, 1, 3] : [0, 1, 2, 3]))
    }
  }

  @Test(arguments: both)
  func `equal returns have zero variance, not a correlation`(
    estimator: CorrelationEstimator
  ) throws {
    var rows = returnRows(60, symbols: 4, missing: 0.1, seed: 6)
    for row in rows.indices {
      rows[row][1] = 0
      if row > 15 { rows[row][2] = 3e-4 }
    }
    var correlation = try makeCorrelation(estimator, minimum: 3, capacity: 4)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
    #expect(correlation[0, 1].reason == .zeroVariance)
    #expect(correlation[1, 1].correlation.isNaN)
    #expect(correlation[1, 1].covariance == 0)
  }

  @Test func `the smallest window and a single symbol work`() throws {
    let rows = returnRows(20, symbols: 3, missing: 0.2, seed: 7)
    var pairwise = try makeCorrelation(.rolling(window: 2), capacity: 3)
    var single = try makeCorrelation(.rolling(window: 5), capacity: 1)
    for end in rows.indices {
      pairwise.take(rows[end])
      #expect(deviation(pairwise, Array(rows[...end])) < 1e-10, "row \(end)")
      single.take([rows[end][0]])
      #expect(deviation(single, rows[...end].map { [$0[0]] }) < 1e-10, "row \(end)")
    }
  }

  @Test func `a first row that is no anchor is taken as it is`() throws {
    let rows = returnRows(60, symbols: 5, missing: 0.1, seed: 8)
    var correlation = try makeCorrelation(
      .rolling(window: 16), minimum: 3, capacity: 5, firstRow: 21)
    for end in rows.indices {
      correlation.take(rows[end])
      #expect(deviation(correlation, Array(rows[...end])) < 1e-10, "row \(end)")
    }
    #expect(correlation.rowCount == 81)
  }

  @Test func `infinite and huge returns are absent`() throws {
    var rows = returnRows(12, symbols: 2, seed: 9)
    var correlation = try makeCorrelation(.rolling(window: 8), minimum: 2, capacity: 2)
    rows[3][0] = .infinity
    rows[5][1] = -1e61
    rows[6][1] = -.infinity
    for row in rows { correlation.take(row) }
    rows[5][1] = .nan
    #expect(deviation(correlation, rows) < 1e-10)
  }

  // pandas 3.1.1: rolling(5, min_periods=3) and ewm(alpha=0.1, min_periods=3).
  @Test func `values are those of pandas`() throws {
    let a = [0.010, -0.020, 0.015, .nan, 0.030, -0.010, 0.005]
    let b = [0.020, -0.010, .nan, 0.010, 0.025, -0.020, 0.000]
    var rolling = try makeCorrelation(.rolling(window: 5), minimum: 3, capacity: 2)
    var weighted = try makeCorrelation(.exponential(decay: 0.9), minimum: 3, capacity: 2)
    for row in zip(a, b) {
      rolling.take([row.0, row.1])
      weighted.take([row.0, row.1])
    }
    #expect(abs(rolling[0, 1].correlation - 0.996858565191833) < 1e-14)
    #expect(abs(rolling[0, 1].covariance - 0.0004541666666666667) < 1e-17)
    #expect(rolling[0, 1].jointRows == 3)
    #expect(abs(weighted[0, 1].correlation - 0.8936444742369055) < 1e-14)
    #expect(abs(weighted[0, 1].covariance - 0.00032634618096381304) < 1e-17)
  }
}
