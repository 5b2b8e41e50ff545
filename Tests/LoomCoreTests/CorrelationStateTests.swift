import LoomCore
import Testing

struct CorrelationStateTests {
  static let window = 16

  static func history(_ seed: UInt64) -> [[Double]] {
    var rows = returnRows(120, symbols: 6, missing: 0.15, seed: seed)
    for row in 0..<40 { rows[row][4] = .nan }
    for row in 60..<85 { rows[row][2] = .nan }
    rows[30][1] = 1e6
    return rows
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `the matrix of a row is rebuilt from the rows since the anchor before the last`(
    seed: UInt64
  ) throws {
    let rows = Self.history(seed)
    var live = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    for end in rows.indices {
      live.take(rows[end])
      let first = max(0, (end + 1) / Self.window * Self.window - Self.window)
      var rebuilt = try makeCorrelation(
        .rolling(window: Self.window), capacity: 6, firstRow: first)
      for row in rows[first...end] { rebuilt.take(row) }
      #expect(bits(live) == bits(rebuilt), "row \(end)")
    }
  }

  @Test func `what went before two windows leaves no trace`() throws {
    let common = Self.history(4).suffix(3 * Self.window)
    var first = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    var second = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    for row in Self.history(5).prefix(5 * Self.window) { first.take(row) }
    for row in Self.history(6).prefix(2 * Self.window) { second.take(row) }
    for (index, row) in common.enumerated() {
      first.take(row)
      second.take(row)
      #expect(index + 1 < 2 * Self.window || bits(first) == bits(second), "row \(index)")
    }
  }

  @Test(arguments: [1, 5, 16, 17, 40, 90], [1, 2] as [UInt64])
  func `backfill is row by row from the next anchor on`(count: Int, seed: UInt64) throws {
    let rows = Self.history(seed)
    var single = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    var bulk = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    let start = 11
    for row in rows[..<start] {
      single.take(row)
      bulk.take(row)
    }
    bulk.fill(Array(rows[start..<start + count]))
    for row in rows[start..<start + count] { single.take(row) }
    #expect(deviation(bulk, Array(rows[..<(start + count)])) < 1e-10)
    #expect(bulk.rowCount == start + count)
    let anchor = (start + count + Self.window - 1) / Self.window * Self.window
    for end in (start + count)..<rows.count {
      single.take(rows[end])
      bulk.take(rows[end])
      #expect(deviation(bulk, Array(rows[...end])) < 1e-10)
      #expect(end + 1 < anchor || bits(single) == bits(bulk), "row \(end)")
    }
  }

  @Test(arguments: [3, 16, 21] as [Int])
  func `backfills in turn are one backfill, whoever asks first`(count: Int) throws {
    let rows = Self.history(9)
    var whole = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
    whole.fill(Array(rows[..<(3 * count)]))
    let askers: [(inout Correlation) throws -> Void] = [
      { _ = bits($0) }, { _ = $0.sharedRows }, { _ = $0[0, 1].correlation },
      { try $0.grow(to: 9) },
      { correlation in
        var counts = [Int32](repeating: 0, count: 21)
        var room = counts.mutableSpan
        correlation.copyJointRows(into: &room)
      },
    ]
    for (number, ask) in askers.enumerated() {
      var parts = try makeCorrelation(.rolling(window: Self.window), capacity: 6)
      for part in 0..<3 {
        parts.fill(Array(rows[part * count..<(part + 1) * count]))
        if part == 1 { try ask(&parts) }
      }
      try ask(&parts)
      #expect(bits(parts) == bits(whole), "asker \(number)")
      for i in 0..<6 {
        let (one, other) = (parts[i, 5], whole[i, 5])
        #expect(one.jointRows == other.jointRows, "asker \(number)")
      }
    }
  }

  @Test func `exponential backfill has the bits of single rows`() throws {
    let rows = Self.history(7)
    var single = try makeCorrelation(.exponential(decay: 0.97), capacity: 6)
    var bulk = try makeCorrelation(.exponential(decay: 0.97), capacity: 6)
    for row in rows { single.take(row) }
    bulk.fill(rows)
    #expect(bits(single) == bits(bulk))
  }

  @Test(
    arguments: [CorrelationEstimator.rolling(window: 16), .exponential(decay: 0.97)])
  func `growing keeps every bit`(estimator: CorrelationEstimator) throws {
    let rows = Self.history(8)
    var fixed = try makeCorrelation(estimator, capacity: 6)
    var growing = try makeCorrelation(estimator, capacity: 6)
    for end in rows.indices {
      if end.isMultiple(of: 37) { try growing.grow(to: 6 + end) }
      fixed.take(rows[end])
      growing.take(rows[end])
      #expect(bits(fixed) == bits(growing), "row \(end)")
    }
    #expect(growing.capacity == 6 + 111)
    #expect(throws: CoreError.badArgument) { try growing.grow(to: 5) }
  }

  @Test(
    arguments: [CorrelationEstimator.rolling(window: 16), .exponential(decay: 0.97)])
  func `the matrix written by an update is the matrix read`(
    estimator: CorrelationEstimator
  ) throws {
    var correlation = try makeCorrelation(estimator, minimum: 3, capacity: 6)
    var packed = [Double](repeating: 0, count: Correlation.packedCount(6))
    for row in Self.history(9) {
      var span = packed.mutableSpan
      correlation.update(row.span, writing: &span)
      #expect(packed.map(\.bitPattern) == bits(correlation))
    }
  }
}
