import LoomCore
import LoomFeatures

/// Bars through features: all of one symbol, of many in turn, with scores, and each by itself.
let featureWorkloads: [Workload] =
  [
    features("all", { .standard() }),
    features("all-of-100-symbols", symbols: 100, { .standard() }),
    features("all-normalized", { FeatureSet.standard().normalized() }),
  ] + eachFeature

private let eachFeature: [Workload] = [
  features("log-return") { FeatureSet(LogReturn(horizon: 20)) },
  features("volatility") { FeatureSet(Volatility()) },
  features("ewma-volatility") { FeatureSet(EWMAVolatility()) },
  features("parkinson") { FeatureSet(ParkinsonVolatility()) },
  features("garman-klass") { FeatureSet(GarmanKlassVolatility()) },
  features("atr") { FeatureSet(AverageTrueRange()) },
  features("rsi") { FeatureSet(RelativeStrength()) },
  features("ema") { FeatureSet(ExponentialMovingAverage()) },
  features("macd") { FeatureSet(MACD()) },
  features("sma-ratio") { FeatureSet(SimpleAverageRatio()) },
  features("ema-ratio") { FeatureSet(ExponentialAverageRatio()) },
  features("bollinger-z") { FeatureSet(BollingerScore()) },
  features("volume-z") { FeatureSet(VolumeScore()) },
  features("vwap-deviation") { FeatureSet(VWAPDeviation()) },
  features("amihud") { FeatureSet(AmihudIlliquidity()) },
  features("roll-spread") { FeatureSet(RollSpread()) },
  features("relative-spread") { FeatureSet(RelativeSpread()) },
  features("skew-and-kurtosis") { FeatureSet(ReturnShape()) },
  features("autocorrelation") { FeatureSet(Autocorrelation()) },
  features("drawdown") { FeatureSet(Drawdown()) },
  features("efficiency-ratio") { FeatureSet(EfficiencyRatio()) },
  features("tick-rate-z") { FeatureSet(TickRateScore()) },
]

/// One bar an iteration, of each symbol in turn.
@inline(__always)
private func features<Members>(
  _ name: String, symbols: Int = 1, _ make: @escaping @Sendable () -> FeatureSet<Members>
) -> Workload {
  Workload(
    "features.\(name)", unit: "bar", yardstick: "memory.load.l1", hasLatencies: name == "all",
    gate: .hot(4000)
  ) { iterations, watch in
    var sets = (0..<symbols).map { _ in make() }
    let bars = featureBars(count: 4096)
    var row = FeatureRow(start: bars[0].bar.start, symbol: bars[0].bar.symbol, count: 0)
    watch.time(each: iterations) { index in
      sets[index % symbols].update(bars[index / symbols & 4095], into: &row)
    }
    if iterations < 400 * symbols { return }
    let values = row.values.span
    for place in 0..<Int(row.count) where !values[place].isFinite {
      throw WorkloadError("\(sets[0].names[place]) is no number")
    }
  }
}

/// A seeded random walk of bars with volumes and spreads.
private func featureBars(count: Int) -> [CleanBar] {
  var numbers = UniformNumbers(state: 1)
  var close = 100.0
  return (0..<count).map { place in
    let open = close
    let change = 0.002 * (numbers.next() - 0.5)
    close *= 1 + change
    let bar = Bar(
      start: Timestamp(nanoseconds: Int64(place)), symbol: SymbolID(rawValue: 0), open: open,
      high: max(open, close) * 1.0001, low: min(open, close) * 0.9999, close: close,
      volume: numbers.next() * 1000, vwap: (open + close) / 2,
      spreadEstimate: numbers.next() * 0.01, tickCount: Int64(numbers.next() * 50) + 1)
    return CleanBar(bar: bar, logReturn: change)
  }
}
