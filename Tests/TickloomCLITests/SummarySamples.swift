import Foundation
import LoomSystem
import Tickloom

/// Summaries as runs of a simulated market would leave them; the same for the same seed.
enum SummarySamples {
  /// A linear congruential generator (Knuth, MMIX): good enough for samples, and always the same.
  struct Random {
    var state: UInt64

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }

    /// Sum of twelve: close enough to a normal deviate.
    mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
  }

  static let start = Timestamp(nanoseconds: 1_399_237_218_000_000_000)
  static let realNames = [
    "EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "NZDUSD", "USDCHF", "USDCAD", "EURGBP", "EURJPY",
    "XAUUSD", "XAGUSD", "BTCUSD",
  ]

  static func names(_ count: Int) -> [String] {
    (0..<count).map { $0 < realNames.count ? realNames[$0] : "SYM\($0 + 1).X" }
  }

  /// A counter that stands at `accepted` and at each reason's count.
  static func counters(_ accepted: Int, _ rejected: [RejectReason: Int] = [:]) -> TickCounters {
    var one = TickCounters()
    one.accept()
    var result = multiplied(one, accepted)
    for (reason, count) in rejected {
      var one = TickCounters()
      one.reject(reason)
      result += multiplied(one, count)
    }
    return result
  }

  private static func multiplied(_ counters: TickCounters, _ factor: Int) -> TickCounters {
    var result = TickCounters()
    var power = counters
    var rest = factor
    while rest > 0 {
      if rest & 1 == 1 { result += power }
      power += power
      rest >>= 1
    }
    return result
  }

  /// A factor model's correlations; with `holes`, that share of the pairs is not defined.
  static func snapshot(_ count: Int, seed: UInt64, holes: Double = 0) -> CorrelationSnapshot {
    var random = Random(state: seed)
    let loads = (0..<count).map { _ in (0..<3).map { _ in random.normal() } }
    func dot(_ i: Int, _ j: Int) -> Double {
      zip(loads[i], loads[j]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var values: [Double] = []
    var joints: [Int32] = []
    for i in 0..<count {
      for j in i..<count {
        let value = i == j ? 1 : dot(i, j) / ((dot(i, i) + 1) * (dot(j, j) + 1)).squareRoot()
        let isHole = random.uniform() < holes
        values.append(isHole ? .nan : value)
        joints.append(isHole ? 31 : 256)
      }
    }
    return CorrelationSnapshot(
      number: 3598, start: start + .seconds(3597),
      hash: Hash128(high: 0xFEDC_BA98_7654_3210, low: 0x0123_4567_89AB_CDEF),
      symbolCount: count, correlations: values, jointCounts: joints)
  }

  /// A walk of `points` bars, `step` seconds apart, with a pause after two thirds of it.
  static func chart(
    _ points: Int, price: Double, seed: UInt64, step: Int64 = 9, pause: Int64 = 900
  ) -> RunSummary.Chart {
    var random = Random(state: seed)
    var chart = RunSummary.Chart()
    var close = price
    var volatility = 0.0001
    for index in 0..<points {
      let late = index > points * 2 / 3 ? pause : 0
      chart.times.append(start + .seconds(Int64(index) * step + late))
      volatility *= 1 + 0.05 * random.normal()
      close *= 1 + volatility * random.normal()
      chart.closes.append(close)
      chart.volatilities.append(index < 20 ? .nan : volatility)
    }
    return chart
  }

  static func run(_ count: Int, seed: UInt64 = 7, holes: Double = 0) -> RunSummary {
    var summary = RunSummary(timeframe: .second, estimator: "rolling, 256 rows")
    for (index, name) in names(count).enumerated() {
      summary.symbols.append(symbol(name, index, seed))
    }
    for symbol in summary.symbols { add(symbol.counts, to: &summary.total) }
    summary.total.ticks += counters(0, [.malformed: count == 0 ? 0 : 17])
    summary.settings = [
      ("timeframe", "1s"), ("estimator", "rolling"), ("window", "256"), ("min-periods", "128"),
      ("lateness", "0s"), ("idle", "2s"), ("price", "auto"), ("max-gap", "0"),
    ]
    summary.versions = count == 0 ? 0 : 3598
    summary.seconds = 1.8473
    summary.stages = [
      ("read", 0.91), ("bars", 0.31), ("features", 0.22), ("correlation", 0.084), ("export", 0.41),
    ].map { RunSummary.Stage(name: $0.0, seconds: $0.1) }
    summary.latenessForMost = Nanoseconds(2_147_483_648)
    if count > 0 { addMatrix(to: &summary, seed: seed, holes: holes) }
    return summary
  }

  private static func symbol(_ name: String, _ index: Int, _ seed: UInt64) -> RunSummary.Symbol {
    var counts = RunSummary.Counts()
    let size = 1_300_000 / (index + 1)
    counts.ticks = counters(
      size, [.crossed: index % 4 == 0 ? size / 200 : 0, .late: size / 90, .duplicate: index])
    counts.bars = 3600
    counts.missing = index * 3
    counts.outliers = index % 3
    counts.features = 3600 - counts.missing - counts.outliers
    let price = [1.3871, 1.687, 102.2, 0.93, 64_250.5][index % 5]
    return RunSummary.Symbol(
      name: name, counts: counts, chart: chart(400, price: price, seed: seed &+ UInt64(index)))
  }

  private static func add(_ counts: RunSummary.Counts, to total: inout RunSummary.Counts) {
    total.ticks += counts.ticks
    total.bars += counts.bars
    total.missing += counts.missing
    total.outliers += counts.outliers
    total.features += counts.features
  }

  private static func addMatrix(to summary: inout RunSummary, seed: UInt64, holes: Double) {
    let last = snapshot(summary.symbols.count, seed: seed, holes: holes)
    summary.last = last
    summary.smallestEigenvalue = holes > 0 ? nil : 0.04273
    var pairs: [RunSummary.Pair] = []
    for first in 0..<UInt32(last.symbolCount) {
      for second in (first + 1)..<UInt32(max(last.symbolCount, Int(first) + 1)) {
        let (left, right) = (SymbolID(rawValue: first), SymbolID(rawValue: second))
        let value = last[left, right]
        if value.isNaN { continue }
        pairs.append(
          RunSummary.Pair(
            first: summary.symbols[left.index].name, second: summary.symbols[right.index].name,
            correlation: value, jointCount: last.jointCount(left, right),
            pValue: erfc(abs(atanh(value)) * (253.0 / 2).squareRoot())))
      }
    }
    pairs.sort { $0.correlation > $1.correlation }
    let half = min(5, pairs.count / 2)
    for index in pairs.indices where index < 5 || index >= pairs.count - half {
      pairs[index].history = history(pairs[index].correlation, seed)
    }
    summary.highestPairs = Array(pairs.prefix(max(half, min(5, pairs.count - half))))
    summary.lowestPairs = Array(pairs.suffix(half).reversed())
  }

  private static func history(
    _ last: Double, _ seed: UInt64
  ) -> [(time: Timestamp, correlation: Double)] {
    var random = Random(state: seed ^ last.bitPattern)
    var value = last
    let backwards = (0..<300).map { index -> (time: Timestamp, correlation: Double) in
      value = min(max(value + 0.03 * random.normal(), -0.98), 0.98)
      return (start + .seconds(Int64(300 - index) * 12), index > 280 ? .nan : value)
    }
    return backwards.reversed()
  }
}
