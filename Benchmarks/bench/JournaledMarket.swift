import LoomCore

/// Ticks of a group of the journal.
let journaledCount = 65_536

/// Quotes of ten symbols in turns, as a feed would have them: five decimals, whole sizes, and times
/// to the nanosecond.
let journaledTicks: [SequencedTick] = {
  var random = UniformNumbers(state: 11)
  var prices = [Double](repeating: 1, count: 10)
  var time: Int64 = 1_700_000_000_000_000_000
  return (0..<journaledCount).map { place in
    let symbol = Int(random.next() * 10)
    prices[symbol] += (random.next() - 0.5) * 4e-5
    time += Int64(random.next() * 2_000_000)
    let bid = (prices[symbol] * 1e5).rounded() / 1e5
    return SequencedTick(
      sequence: UInt64(place + 1),
      tick: Tick(
        time: Timestamp(nanoseconds: time), symbol: SymbolID(rawValue: UInt32(symbol)), bid: bid,
        ask: ((bid + 1e-5 * (1 + (random.next() * 4).rounded())) * 1e5).rounded() / 1e5,
        bidSize: (random.next() * 100).rounded(), askSize: (random.next() * 100).rounded(),
        flags: .quote))
  }
}()

extension EngineMarket {
  /// The same quotes, each symbol's by itself, in batches of about 64, again and again, later each
  /// time.
  static func journaled() -> EngineMarket {
    var batches: [(SymbolID, [Tick])] = []
    for start in stride(from: 0, to: journaledCount, by: 640) {
      let ticks = journaledTicks[start..<min(journaledCount, start + 640)].map(\.tick)
      for symbol in 0..<10 {
        let id = SymbolID(rawValue: UInt32(symbol))
        let own = ticks.filter { $0.symbol == id }
        if !own.isEmpty { batches.append((id, own)) }
      }
    }
    let span = journaledTicks[journaledCount - 1].tick.time - journaledTicks[0].tick.time
    return EngineMarket(batches, span: Nanoseconds(span.count + 1_000_000))
  }
}
