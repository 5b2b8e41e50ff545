import LoomCore

/// What the feeds of an engine push: ticks of symbols in turn, a batch at a time, for ever.
///
/// A thousand ticks to a symbol's bar of one second; nothing is allocated to go on.
struct EngineMarket {
  private var batches: [[Tick]]
  private let symbols: [SymbolID]
  /// How much later a batch is each time.
  private let span: Nanoseconds
  /// How many ticks further its venue's sequence is.
  private let venueStep: UInt64
  private var next = 0

  /// Batches of `size` ticks for each of `symbols`.
  init(symbols: [SymbolID], batch size: Int) {
    self.symbols = symbols
    span = Nanoseconds(Int64(size) * 1_000_000)
    venueStep = UInt64(size)
    var random = UniformNumbers(state: 7)
    let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)
    batches = symbols.map { symbol in
      (0..<size).map { place in
        let price = 100 + random.next()
        return Tick(
          time: start + Nanoseconds(Int64(place) * 1_000_000), symbol: symbol, bid: price,
          ask: price + 0.01, bidSize: 1, askSize: 1, venueSequence: UInt64(place + 1),
          flags: .quote)
      }
    }
  }

  /// Goes round these batches, `span` later each time; their venue counts nothing.
  init(_ batches: [(symbol: SymbolID, ticks: [Tick])], span: Nanoseconds) {
    self.batches = batches.map(\.ticks)
    symbols = batches.map(\.symbol)
    self.span = span
    venueStep = 0
  }

  /// Lets `body` push the next batch, which is that of the next symbol.
  mutating func withNext(_ body: (SymbolID, Span<Tick>) throws -> Void) rethrows {
    try Self.lend(batches.span, next, symbols[next], to: body)
    Self.advance(&batches[next], by: span, venueStep)
    next = next + 1 == symbols.count ? 0 : next + 1
  }

  // Borrowed through a span: an array taken out would be retained.
  private static func lend(
    _ batches: Span<[Tick]>, _ place: Int, _ symbol: SymbolID,
    to body: (SymbolID, Span<Tick>) throws -> Void
  ) rethrows {
    let ticks = batches[place].span
    try body(symbol, ticks)
  }

  private static func advance(
    _ batch: inout [Tick], by span: Nanoseconds, _ venueStep: UInt64
  ) {
    var ticks = batch.mutableSpan
    for place in ticks.indices {
      let time = Timestamp(nanoseconds: ticks[place].time.nanoseconds &+ span.count)
      ticks[place].time = time
      ticks[place].receiveTime = time
      ticks[place].venueSequence &+= venueStep
    }
  }
}
