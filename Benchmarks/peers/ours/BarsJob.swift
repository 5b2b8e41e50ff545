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

/// Quotes to bars of one second from their mids: the guard's checks and the building.
///
/// One operation is one quote.
func quotesJob(_ folder: String) throws -> Job {
  let quotes = try quotedTicks(folder)
  var bars: [Bar] = []
  return Job(
    time: {
      bars.removeAll(keepingCapacity: true)
      return try Timing(operations: quotes.count) { try build(quotes, into: &bars) }
    },
    answer: {
      bars.removeAll(keepingCapacity: true)
      try build(quotes, into: &bars)
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

private func build(_ ticks: [SequencedTick], into bars: inout [Bar]) throws {
  let configuration = try NormalizationConfiguration()
  var gate = Guard(configuration: configuration)
  var builder = BarBuilder(configuration: configuration)
  var priced = [PricedTick](repeating: empty, count: batchCount)
  var rejected: [Rejection] = []
  let all = ticks.span
  var start = 0
  while start < all.count {
    let end = min(all.count, start + batchCount)
    var room = priced.mutableSpan
    let count = gate.admit(all.extracting(start..<end), into: &room, rejected: &rejected)
    builder.build(priced.span.extracting(0..<count), into: &bars)
    start = end
  }
  builder.closeAll(into: &bars)
  precondition(rejected.isEmpty, "\(rejected.count) quotes were refused")
}

private let empty = PricedTick(time: .distantPast, symbol: .unknown, price: .nan, sequence: 0)

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

/// The ticks of `time.i64`, `symbol.i64`, `bid.f64` and `ask.f64`, as quotes.
private func quotedTicks(_ folder: String) throws -> [SequencedTick] {
  let (times, symbols) = (try integers(folder + "/time.i64"), try integers(folder + "/symbol.i64"))
  let (bids, asks) = (try doubles(folder + "/bid.f64"), try doubles(folder + "/ask.f64"))
  return times.indices.map { place in
    SequencedTick(
      sequence: UInt64(place + 1),
      tick: Tick(
        time: Timestamp(nanoseconds: times[place]),
        symbol: SymbolID(rawValue: UInt32(symbols[place])), bid: bids[place], ask: asks[place],
        bidSize: 1, askSize: 1))
  }
}

/// What the guard accepts.
private func admitted(_ ticks: [SequencedTick]) throws -> [PricedTick] {
  var gate = Guard(configuration: try NormalizationConfiguration())
  var priced = [PricedTick](repeating: empty, count: ticks.count)
  var rejected: [Rejection] = []
  var room = priced.mutableSpan
  let count = gate.admit(ticks.span, into: &room, rejected: &rejected)
  priced.removeLast(ticks.count - count)
  return priced
}
