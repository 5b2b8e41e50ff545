import LoomCore
import LoomSystem
import Testing

@testable import LoomPublishing

struct VersionPublisherTests {
  init() { BLAS.useOneThread() }

  func publisher(_ text: String = "x") throws -> VersionPublisher {
    try VersionPublisher(
      configuration: try CorrelationConfiguration(
        estimator: .rolling(window: 8), minimumPeriods: 2),
      configurationText: text)
  }

  /// The rows of two symbols whose returns are `returns`, from second 1 on.
  func rows(_ returns: [(Double, Double)]) -> [ReturnRow] {
    var aligner = RowAligner(timeframe: .second)
    aligner.add([bar(0, 0, after: nil), bar(1, 0, after: nil)])
    for (index, pair) in returns.enumerated() {
      let start = Int64(index + 1)
      aligner.add([bar(0, start, after: start - 1, pair.0)])
      aligner.add([bar(1, start, after: start - 1, pair.1)])
    }
    var rows: [ReturnRow] = []
    var row = ReturnRow()
    while aligner.nextRow(through: .distantFuture, into: &row) { rows.append(row) }
    return rows
  }

  @Test func `every row is one version`() throws {
    var publisher = try publisher()
    for (index, row) in rows([(1, 2), (2, 1), (3, 3)]).enumerated() {
      try publisher.publish(row)
      let version = publisher.latest.snapshot()
      #expect(version.number == UInt64(index + 1))
      #expect(version.start == row.start)
    }
    let version = publisher.latest.snapshot()
    let (one, other) = (SymbolID(rawValue: 0), SymbolID(rawValue: 1))
    #expect(version.symbolCount == 2)
    #expect(abs(version[one, other] - 0.5) < 1e-15)
    #expect(version[other, one] == version[one, other])
    #expect(version[one, one] == 1)
    #expect(version.jointCount(one, other) == 3)
    let pair = publisher.pair(one, other)
    #expect(pair.correlation == version[one, other])
  }

  @Test func `a version that was kept stays as it was`() throws {
    var publisher = try publisher()
    let rows = rows([(1, 2), (2, 1), (3, 3), (9, 1)])
    for row in rows.prefix(3) { try publisher.publish(row) }
    let kept = publisher.latest.snapshot()
    let value = kept.correlations[1]
    try publisher.publish(rows[3])
    #expect(kept.correlations[1] == value)
    let later = publisher.latest.snapshot()
    #expect(later.correlations[1] != value)
  }

  @Test func `the hash is the one the definition gives`() throws {
    var publisher = try publisher("timeframe=1s")
    let row = try #require(rows([(0.25, -0.5)]).first)
    try publisher.publish(row)
    var hasher = Hasher128()
    hasher.update(Hash128(of: "timeframe=1s".utf8Span.span))
    hasher.update(Int64(1_000_000_000))
    hasher.update(UInt32(0))
    hasher.update(0.25.bitPattern)
    hasher.update(UInt32(1))
    hasher.update((-0.5).bitPattern)
    let (expected, version) = (hasher.digest(), publisher.latest.snapshot())
    #expect(version.hash == expected)
  }

  @Test func `equal inputs hash alike and different ones do not`() throws {
    func hash(_ returns: [(Double, Double)], _ text: String = "x") throws -> Hash128 {
      var publisher = try publisher(text)
      for row in rows(returns) { try publisher.publish(row) }
      return publisher.latest.hash
    }
    let base = try hash([(1, 2), (3, 4)])
    #expect(try hash([(1, 2), (3, 4)]) == base)
    #expect(try hash([(1, 2), (3, 4.000001)]) != base)
    #expect(try hash([(1, 2), (4, 3)]) != base)
    #expect(try hash([(1, 2)]) != base)
    #expect(try hash([(1, 2), (3, 4)], "y") != base)
  }

  @Test func `refuses a pair beyond the symbols`() async {
    await #expect(processExitsWith: .failure) {
      let empty = CorrelationSnapshot(hash: Hash128(high: 0, low: 0))
      _ = empty[SymbolID(rawValue: 0), SymbolID(rawValue: 0)]
    }
  }

  @Test func `refuses more symbols than a matrix holds`() throws {
    var publisher = try publisher()
    let row = ReturnRow(start: .distantPast, returns: Array(repeating: 1, count: 16_385))
    #expect(throws: CoreError.tooManySymbols) { try publisher.publish(row) }
    #expect("\(CoreError.tooManySymbols)".hasPrefix("one matrix holds 16384 symbols"))
    try publisher.publish(ReturnRow(start: .distantPast, returns: [1, 2]))
    #expect(publisher.latest.number == 1)
  }

  @Test(arguments: [
    (17, 16, 32), (101, 100, 125), (100, 16, 100), (13_201, 13_200, 16_384),
    (16_384, 9000, 16_384),
  ])
  func `room grows by a quarter up to the most there can be`(needed: Int, had: Int, has: Int) throws
  {
    #expect(try MatrixEstimator.capacity(for: needed, after: had) == has)
    #expect(has <= Correlation.maximumSymbols)
  }
}
