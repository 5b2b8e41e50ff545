import LoomCore
import Testing

/// What a correlation is made again from.
struct CorrelationSnapshotTests {
  static let window = CorrelationStateTests.window

  static func rebuilt(_ live: borrowing Correlation, capacity: Int) throws -> Correlation {
    let first = live.firstKnownRow
    var again = try makeCorrelation(
      .rolling(window: window), capacity: capacity, firstRow: first)
    var row = [Double](repeating: 0, count: live.symbolCount)
    for number in first..<live.rowCount {
      var room = row.mutableSpan
      live.copyRow(number, into: &room)
      again.take(row)
    }
    return again
  }

  static func row(_ live: borrowing Correlation, _ number: Int) -> [UInt64] {
    var row = [Double](repeating: 0, count: live.symbolCount)
    var room = row.mutableSpan
    live.copyRow(number, into: &room)
    return row.map { $0.isNaN ? 0 : $0.bitPattern }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a rolling one knows the rows that make it`(seed: UInt64) throws {
    let rows = CorrelationStateTests.history(seed)
    var live = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    for end in rows.indices {
      live.take(rows[end])
      let first = live.firstKnownRow
      #expect(first == max(0, (end + 1) / Self.window * Self.window - Self.window))
      for number in first...end {
        let known = Self.row(live, number)
        #expect(known == rows[number].map { $0.isNaN ? 0 : $0.bitPattern }, "row \(number)")
      }
      let again = try Self.rebuilt(live, capacity: 9)
      #expect(bits(live) == bits(again), "row \(end)")
    }
  }

  @Test func `rows stay known while symbols come and room grows`() throws {
    var live = try makeCorrelation(.rolling(window: Self.window), capacity: 2)
    var (rows, random): ([[Double]], SeededGenerator) = ([], SeededGenerator(seed: 4))
    for end in 0..<100 {
      let count = 1 + end / 7
      if count > live.capacity { try live.grow(to: count + 3) }
      rows.append((0..<count).map { _ in random.unit() < 0.3 ? .nan : random.normal() })
      live.take(rows[end])
      for number in live.firstKnownRow...end {
        let absent = [Double](repeating: .nan, count: live.symbolCount - rows[number].count)
        let expected = (rows[number] + absent).map { $0.isNaN ? 0 : $0.bitPattern }
        let known = Self.row(live, number)
        #expect(known == expected, "row \(number) at \(end)")
      }
    }
  }

  @Test func `rows are known by the columns of their anchor`() throws {
    var live = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    let rows = CorrelationStateTests.history(5)
    for row in rows[..<(3 * Self.window)] { live.take(row) }
    let columns: [UInt32] = [5, 0, 2, 3]
    live.arrange(columns.span)
    for row in rows[(3 * Self.window)..<(3 * Self.window + 9)] {
      live.take(columns.map { row[Int($0)] })
    }
    for number in live.firstKnownRow..<live.rowCount {
      let known = Self.row(live, number)
      let expected = columns.map { rows[number][Int($0)] }.map { $0.isNaN ? 0 : $0.bitPattern }
      #expect(known == expected, "row \(number)")
    }
  }

  @Test(arguments: [0, 0.15])
  func `an exponential one is its moments`(missing: Double) throws {
    let estimator = CorrelationEstimator.exponential(decay: 0.95)
    let rows = returnRows(90, symbols: 11, missing: missing, seed: 3)
    var live = try makeCorrelation(estimator, minimum: 4, capacity: 11)
    for end in rows.indices {
      // Some symbols come later.
      live.take(Array(rows[end].prefix(3 + end / 8)))
      if end % 10 != 3 { continue }
      var again = try makeCorrelation(estimator, minimum: 4, capacity: end % 20 == 3 ? 40 : 11)
      let moments = live.moments
      try again.restore(moments: moments)
      let copied = again.moments
      #expect(copied == moments)
      for later in end + 1..<rows.count {
        again.take(Array(rows[later].prefix(3 + later / 8)))
      }
      var whole = try makeCorrelation(estimator, minimum: 4, capacity: 11)
      for row in rows.indices { whole.take(Array(rows[row].prefix(3 + row / 8))) }
      #expect(bits(again) == bits(whole), "from row \(end)")
      let pairs = (0..<live.symbolCount).flatMap { i in (i..<live.symbolCount).map { (i, $0) } }
      for (i, j) in pairs {
        let (one, other) = (again[i, j], whole[i, j])
        #expect(one.covariance.bitPattern == other.covariance.bitPattern)
        #expect(one.jointRows == other.jointRows && one.reason == other.reason)
        #expect(one.effectiveRows == other.effectiveRows)
      }
    }
  }

  @Test func `moments that are none are refused`() throws {
    let estimator = CorrelationEstimator.exponential(decay: 0.95)
    var live = try makeCorrelation(estimator, capacity: 9)
    for row in returnRows(30, symbols: 9, missing: 0.2, seed: 3) { live.take(row) }
    let moments = live.moments
    for count in 0..<moments.count {
      var other = try makeCorrelation(estimator, capacity: 9)
      #expect(throws: SnapshotError.self, "\(count) bytes") {
        try other.restore(moments: Array(moments[..<count]))
      }
    }
    var small = try makeCorrelation(estimator, capacity: 8)
    #expect(throws: SnapshotError.self) { try small.restore(moments: moments) }
    var rolling = try makeCorrelation(.rolling(window: 4), capacity: 9)
    #expect(throws: SnapshotError.self) { try rolling.restore(moments: moments) }
    let none = rolling.moments
    #expect(none.isEmpty)
  }
}
