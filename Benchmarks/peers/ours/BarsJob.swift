import LoomCore
import LoomNormalization

/// Ticks at a price, as the guard hands them on, to bars of one second, in batches of 256.
///
/// One operation is one tick.
func barsJob(_ folder: String) throws -> Job {
  let priced = try admitted(try tradedTicks(folder))
  var bars: [Bar] = []
  return Job(
    time: {
      bars.removeAll(keepingCapacity: true)
      return try Timing(operations: priced.count) { try build(priced, into: &bars) }
    },
    answer: {
      bars.removeAll(keepingCapacity: true)
      try build(priced, into: &bars)
      return flattened(bars)
    })
}

private let batchCount = 256

private func build(_ ticks: [PricedTick], into bars: inout [Bar]) throws {
  var builder = BarBuilder(configuration: try NormalizationConfiguration())
  let all = ticks.span
  var start = 0
  while start < all.count {
    let end = min(all.count, start + batchCount)
    builder.build(all.extracting(start..<end), into: &bars)
    start = end
  }
  builder.closeAll(into: &bars)
}

/// By time and symbol: start in seconds, symbol, open, high, low, close, volume, count.
func flattened(_ bars: [Bar]) -> [Double] {
  bars.sorted { ($0.start, $0.symbol) < ($1.start, $1.symbol) }.flatMap { bar in
    [
      Double(bar.start.nanoseconds / 1_000_000_000), Double(bar.symbol.rawValue), bar.open,
      bar.high, bar.low, bar.close, bar.volume, Double(bar.tickCount),
    ]
  }
}

/// The ticks of `time.i64`, `symbol.i64`, `price.f64` and `size.f64`, as trades.
func tradedTicks(_ folder: String) throws -> [SequencedTick] {
  let (times, symbols) = (try integers(folder + "/time.i64"), try integers(folder + "/symbol.i64"))
  let (prices, sizes) = (try doubles(folder + "/price.f64"), try doubles(folder + "/size.f64"))
  return times.indices.map { place in
    SequencedTick(
      sequence: UInt64(place + 1),
      tick: Tick(
        time: Timestamp(nanoseconds: times[place]),
        symbol: SymbolID(rawValue: UInt32(symbols[place])), last: prices[place],
        lastSize: sizes[place]))
  }
}

/// What the guard accepts.
private func admitted(_ ticks: [SequencedTick]) throws -> [PricedTick] {
  var gate = Guard(configuration: try NormalizationConfiguration())
  let empty = PricedTick(time: .distantPast, symbol: .unknown, price: .nan, sequence: 0)
  var priced = [PricedTick](repeating: empty, count: ticks.count)
  var rejected: [Rejection] = []
  var room = priced.mutableSpan
  let count = gate.admit(ticks.span, into: &room, rejected: &rejected)
  priced.removeLast(ticks.count - count)
  return priced
}
