internal import LoomCore

/// What the first rows of a file say of their order and of the step of its bars.
struct OrderSurvey {
  private var times: [Int64] = []
  private var symbols: [SymbolID] = []

  /// Takes the rows of `chunk` whose time is legal, up to a thousand in all; true once it has them.
  mutating func take(_ chunk: RowChunk) -> Bool {
    for stamped in chunk.ticks where times.count < Probe.rowCount {
      let tick = stamped.tick
      guard tick.flags.refusal == nil || tick.flags.refusal == .unknownSymbol,
        tick.time != .distantPast
      else { continue }
      times.append(tick.time.nanoseconds)
      symbols.append(tick.symbol)
    }
    return times.count >= Probe.rowCount
  }

  /// Whether more rows go back than forward from the row of their symbol before.
  ///
  /// Others do not count: those of one moment may go back from symbol to symbol in a file that rises.
  var isNewestFirst: Bool {
    var last: [SymbolID: Int64] = [:]
    var turn = 0
    for (symbol, time) in zip(symbols, times) {
      guard let before = last.updateValue(time, forKey: symbol) else { continue }
      // Compared, not subtracted: legal times lie further apart than 64 bits of nanoseconds.
      turn += time > before ? 1 : time < before ? -1 : 0
    }
    return turn < 0
  }

  /// The smallest positive distance between rows of one symbol; nil where there is none.
  var step: Timeframe? {
    var least = Int64.max
    forEachDistance { distance in
      if distance > 0 { least = min(least, distance) }
    }
    return least == .max ? nil : Timeframe(Nanoseconds(least))
  }

  /// What to tell of bars of which most have the time of another one; nil where few do.
  var doubt: String? {
    var repeated = 0
    forEachDistance { distance in repeated += distance == 0 ? 1 : 0 }
    if 2 * repeated <= times.count { return nil }
    return
      "\(repeated) of the first \(times.count) bars have the time of another one of their symbol;"
      + " where a column holds the time of day, join both, as in --columns time=date+clock"
  }

  /// Calls `body` with the distances of neighbours in time, symbol by symbol.
  private func forEachDistance(_ body: (Int64) -> Void) {
    let order = times.indices.sorted {
      (symbols[$0].rawValue, times[$0]) < (symbols[$1].rawValue, times[$1])
    }
    for (one, next) in zip(order, order.dropFirst()) where symbols[one] == symbols[next] {
      // A distance beyond 64 bits is the smallest of none.
      let (distance, overflow) = times[next].subtractingReportingOverflow(times[one])
      if !overflow { body(distance) }
    }
  }
}
