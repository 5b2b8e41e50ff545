import Testing

@testable import Tickloom

/// What a run writes once no late tick can change it any more.
struct CorrectableResultsTests {
  private let symbol = SymbolID(rawValue: 1)

  private func bar(_ second: Int64, _ symbol: UInt32 = 1, close: Double = 1) -> CleanBar {
    CleanBar(
      bar: Bar(
        start: Timestamp(nanoseconds: 0) + .seconds(second), symbol: SymbolID(rawValue: symbol),
        open: close, high: close, low: close, close: close))
  }

  private func row(_ bar: CleanBar) -> FeatureRow {
    FeatureRow(start: bar.bar.start, symbol: bar.bar.symbol, count: 0)
  }

  private struct NoResults: Error {}

  private func results() throws -> CorrectableResults {
    guard let results = CorrectableResults(.on(horizon: .seconds(5))) else { throw NoResults() }
    return results
  }

  /// What comes out, bars then rows, where the clock is told at each of `clocks`.
  private func release(_ bars: [CleanBar], at clocks: [Int64]) throws -> [[[Int64]]] {
    var results = try results()
    results.add(bars.span)
    let rows = bars.map(row)
    results.add(rows.span)
    var out: [[[Int64]]] = [[], []]
    for clock in clocks {
      let final = results.release(at: Timestamp(nanoseconds: 0) + .seconds(clock))
      out[0] += final.bars.map { [$0.bar.start.nanoseconds, Int64($0.bar.symbol.rawValue)] }
      out[1] += final.rows.map { [$0.start.nanoseconds, Int64($0.symbol.rawValue)] }
    }
    return out
  }

  @Test(arguments: [[40], [3, 9, 40], Array(0...40)])
  func `it leaves by time, then symbol, whatever the clocks`(clocks: [Int64]) throws {
    let bars = [UInt32(2), 0, 1].flatMap { symbol -> [CleanBar] in
      (0..<30).filter { ($0 + Int64(symbol)) % 3 > 0 }.map { bar($0, symbol) }
    }
    let names = bars.map { [$0.bar.start.nanoseconds, Int64($0.bar.symbol.rawValue)] }
      .sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    let left = try release(bars, at: clocks)
    #expect(left == [names, names])
  }

  @Test func `what the horizon reaches stays`() throws {
    let left = try release((0..<9).map { bar($0) }, at: [7])[0]
    #expect(left.map { $0[0] / 1_000_000_000 } == [0, 1])
  }

  @Test func `a correction is counted, and shows in the live table`() throws {
    var results = try results()
    var latest = LatestBars()
    var statistics = RunStatistics(sourceCount: 1, missingRows: 60)
    let bars = [bar(0), bar(2)]
    results.add(bars.span)
    let rows = bars.map(row)
    results.add(rows.span)
    latest.add(bars.span)
    statistics.count(bars.span)
    statistics.count(rows.span)
    // A new bar, and the one after it, which is not valid any more.
    var last = bar(2, close: 3)
    last.flags = .outlier
    let correction = Correction(
      sequence: 3, symbol: symbol, version: 1,
      bars: [RevisedBar(bar(1), of: nil), RevisedBar(last, of: bars[1])],
      features: [row(bar(1))])
    results.take(correction, &statistics)
    latest.revise(correction.bars)
    let all = statistics.symbols[1]
    let counts = [all.bars, all.outliers, all.features, all.corrections]
    #expect(counts == [3, 1, 2, 1])
    let close = latest.bar(of: symbol)?.bar.close
    #expect(close == 3)
    let final = results.release(at: .distantFuture)
    let (closes, starts) = (final.bars.map(\.bar.close), final.rows.map(\.start))
    #expect(closes == [1, 1, 3])
    #expect(starts == [bar(0).bar.start, bar(1).bar.start])
  }
}
