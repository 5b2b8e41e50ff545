import Testing

@testable import Tickloom

/// A late tick may bring a symbol into the matrix, or take it out.
struct CorrectionColumnTests {
  init() { BLAS.useOneThread() }

  private let cases = CorrectionCaseTests()
  /// The symbol that comes and goes, registered before another that is always there.
  private let third = SymbolID(rawValue: 2)
  private let fourth = SymbolID(rawValue: 3)

  private static let estimators = [
    CorrelationEstimator.rolling(window: 4), .exponential(decay: 0.9),
  ]

  /// Three symbols, a tick a second each, and the third in some seconds only.
  private func market(_ seconds: Range<Int>, third times: Set<Int>) -> [Tick] {
    seconds.flatMap { second in
      let noise = Double(second * second % 7) / 1000
      var ticks = cases.market(second..<second + 1)
      if times.contains(second) {
        ticks.append(cases.trade(Double(second) + 0.7, third, 30 - noise))
      }
      ticks.append(cases.trade(Double(second) + 0.8, fourth, 70 + noise))
      return ticks
    }
  }

  /// What readers see in place: the symbols by column, with the bits of the matrix.
  private struct Seen: Equatable {
    var symbols: [UInt32]
    var matrix: [UInt64]
    var counts: [Int32]
    var known: Int
    var covariances: [UInt64]

    init(_ publisher: borrowing VersionPublisher) {
      symbols = publisher.latest.withSymbols { span in span.indices.map { span[$0].rawValue } }
      matrix = publisher.latest.withCorrelations { span in
        span.indices.map { span[$0].bitPattern }
      }
      counts = publisher.latest.withJointCounts { span in span.indices.map { span[$0] } }
      known = publisher.latest.symbolCount
      var packed = [Double](repeating: 0, count: known * (known + 1) / 2)
      var room = packed.mutableSpan
      publisher.copyCovariances(into: &room)
      covariances = packed.map { $0.isNaN ? 0 : $0.bitPattern }
    }
  }

  /// What is seen after each of the parts of `ticks`, and how many of them were late.
  private func run(
    _ parts: [[Tick]], _ estimator: CorrelationEstimator
  ) throws -> (seen: [Seen], corrections: Int) {
    var pipeline = try cases.pipeline(estimator: estimator)
    var output = CorrectionFollower()
    var seen: [Seen] = []
    for part in parts {
      try pipeline.process(part, into: &output)
      seen.append(Seen(pipeline.publisher))
    }
    return (seen, output.corrections.count)
  }

  /// Compares `ticks` and a late one, and what follows, with all of them in order of time.
  ///
  /// - Returns: The symbols of the matrix before and after the correction.
  private func compare(
    _ ticks: [Tick], late: Tick, _ estimator: CorrelationEstimator, end: Int
  ) throws -> (before: [UInt32], after: [UInt32]) {
    let rest = (end..<end + 10).map { market($0..<$0 + 1, third: [end + 3, end + 4]) }
    let found = try run([ticks, [late]] + rest, estimator)
    #expect(found.corrections == 1)
    let inTime = (ticks + [late]).sorted { $0.time < $1.time }
    let expected = try run([inTime] + rest, estimator)
    #expect(expected.corrections == 0)
    #expect(Array(found.seen.dropFirst()) == expected.seen)
    return (found.seen[0].symbols, found.seen[1].symbols)
  }

  // The row of second 8 is out once the market clock has left behind the third symbol, silent since.

  @Test(arguments: estimators, 9...14)
  func `a correction brings a symbol into the matrix`(
    estimator: CorrelationEstimator, end: Int
  ) throws {
    // One bar alone makes no return; the late tick makes the one before it.
    let symbols = try compare(
      market(0..<end, third: [8]), late: cases.trade(7.5, third, 31), estimator, end: end)
    #expect(!symbols.before.contains(2))
    #expect(symbols.after.contains(2) == (end > 11))
  }

  @Test(arguments: estimators, 9...14)
  func `a correction takes a symbol out of the matrix`(
    estimator: CorrelationEstimator, end: Int
  ) throws {
    // Nobody is there in second 7, so that seconds 6 and 8 are neighbours while it is empty.
    let symbols = try compare(
      market(0..<7, third: [6]) + market(8..<end, third: [8]),
      late: cases.trade(7.5, cases.a, 100.002), estimator, end: end)
    #expect(symbols.before.contains(2) == (end > 11))
    #expect(!symbols.after.contains(2))
  }
}
