import Testing

@testable import Tickloom

struct RunChartsTests {
  private static func bar(_ place: Int) -> CleanBar {
    let start = Timestamp(nanoseconds: Int64(place) * 1_000_000_000)
    let close = Double(100 + place)
    let bar = Bar(
      start: start, symbol: SymbolID(rawValue: 0), source: SourceID(rawValue: 0), open: close,
      high: close, low: close, close: close, volume: 0, vwap: close, spreadEstimate: .nan,
      tickCount: 1, gapSlots: 0, firstSequence: 1, lastSequence: 1)
    return CleanBar(bar: bar, logReturn: .nan, flags: .valid)
  }

  @Test(arguments: [1, 2, 511, 512, 513, 514, 515, 1500, 4097])
  func `a thinned chart still ends with the last bar`(count: Int) {
    var charts = RunCharts(featureNames: [])
    for place in 0..<count { charts.add([Self.bar(place)].span) }
    let chart = charts.chart(of: 0)
    #expect(chart.closes.last == Double(100 + count - 1))
    #expect(chart.times.last == Self.bar(count - 1).bar.start)
    #expect(chart.times.count == chart.closes.count)
    #expect(chart.times.count == chart.volatilities.count)
    #expect(chart.times.count <= 513)
    #expect(zip(chart.times, chart.times.dropFirst()).allSatisfy { $0 < $1 })
  }
}
