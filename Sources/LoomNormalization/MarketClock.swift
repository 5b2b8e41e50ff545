internal import LoomCore

/// The second largest of the symbols' latest times less the idle span: no symbol moves it alone.
struct MarketClock {
  private let idle: Nanoseconds
  // The two symbols that are furthest; while there are none, at times before every legal one.
  private var first = (symbol: SymbolID.unknown, time: Timestamp.distantPast)
  private var second = (symbol: SymbolID.unknown, time: Timestamp.distantPast)

  /// How far the market is known to be; ``Timestamp/distantPast`` while fewer than two symbols are.
  private(set) var time = Timestamp.distantPast

  /// Creates a clock that stays `idle` behind the second fastest symbol.
  init(idle: Nanoseconds) { self.idle = idle }

  /// Takes note that the latest accepted event time of `symbol` has risen to `latest`.
  @inline(__always)
  mutating func observe(_ symbol: SymbolID, latest: Timestamp) {
    if latest > first.time {
      if symbol != first.symbol { second = first }
      first = (symbol, latest)
    } else if symbol == second.symbol || latest > second.time {
      second = (symbol, latest)
    } else {
      return
    }
    advance(to: second.time - idle)
  }

  /// Moves the clock to `moment` unless it is there already.
  @inline(__always)
  mutating func advance(to moment: Timestamp) { time = max(time, moment) }
}
