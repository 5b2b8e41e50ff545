import Glibc
import LoomCore
import LoomFeatures

/// Bars of one symbol to feature rows, bar by bar.
///
/// One operation is one value of one feature at one bar; all values are kept, row by row, and are
/// the answer.
func featuresJob<Members: Feature>(
  _ folder: String, _ makeSet: @escaping () -> FeatureSet<Members>
) throws -> Job {
  let bars = try featureBars(folder)
  let width = makeSet().names.count
  var values = [Double](repeating: 0, count: bars.count * width)
  func fill() {
    var set = makeSet()
    var row = FeatureRow(start: .distantPast, symbol: SymbolID(rawValue: 0), count: 0)
    var room = values.mutableSpan
    for place in bars.indices {
      set.update(bars[place], into: &row)
      for column in 0..<width { room[place * width + column] = row.values[column] }
    }
  }
  return Job(
    time: { Timing(operations: bars.count * width, fill) },
    answer: {
      fill()
      return values
    })
}

/// What TA-Lib has under the same name, in six columns.
func indicatorSet() -> FeatureSet<
  Chain<
    AverageTrueRange, Chain<RelativeStrength, Chain<ExponentialMovingAverage, MACD>>
  >
> {
  FeatureSet(
    Chain(
      AverageTrueRange(), Chain(RelativeStrength(), Chain(ExponentialMovingAverage(), MACD()))))
}

/// The bars of `open.f64` and its fellows, one a second, with the returns between them.
func featureBars(_ folder: String) throws -> [CleanBar] {
  func column(_ name: String) throws -> [Double] { try doubles("\(folder)/\(name).f64") }
  let (open, high) = (try column("open"), try column("high"))
  let (low, close) = (try column("low"), try column("close"))
  let (volume, vwap) = (try column("volume"), try column("vwap"))
  let (spread, count) = (try column("spread"), try column("count"))
  return close.indices.map { place in
    let bar = Bar(
      start: Timestamp(nanoseconds: Int64(place) * 1_000_000_000), symbol: SymbolID(rawValue: 0),
      open: open[place], high: high[place], low: low[place], close: close[place],
      volume: volume[place], vwap: vwap[place], spreadEstimate: spread[place],
      tickCount: Int64(count[place]))
    return CleanBar(
      bar: bar, logReturn: place == 0 ? .nan : log(close[place] / close[place - 1]))
  }
}
