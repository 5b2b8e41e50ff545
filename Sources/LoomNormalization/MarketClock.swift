internal import LoomCore

/// The second largest of the symbols' latest times less the idle span: no symbol moves it alone.
struct MarketClock {
  private let idle: Nanoseconds
  private var first: (symbol: SymbolID, time: Timestamp)?
  private var second: (symbol: SymbolID, time: Timestamp)?

  /// How far the market is known to be; ``Timestamp/distantPast`` while fewer than two symbols are.
  private(set) var time = Timestamp.distantPast

  /// Creates a clock that stays `idle` behind the second fastest symbol.
  init(idle: Nanoseconds) { self.idle = idle }

  /// Takes note that the latest accepted event time of `symbol` is now `latest`.
  @inline(__always)
  mutating func observe(_ symbol: SymbolID, latest: Timestamp) {
    if let leader = first, leader.symbol == symbol {
      first = (symbol, latest)
    } else {
      overtake(symbol, latest)
    }
  }

  private mutating func overtake(_ symbol: SymbolID, _ latest: Timestamp) {
    guard let leader = first else {
      first = (symbol, latest)
      return
    }
    if latest > leader.time {
      second = leader
      first = (symbol, latest)
    } else if let runnerUp = second, runnerUp.symbol != symbol, latest <= runnerUp.time {
      return
    } else {
      second = (symbol, latest)
    }
    if let second { advance(to: second.time - idle) }
  }

  /// Moves the clock to `moment` unless it is there already.
  mutating func advance(to moment: Timestamp) { time = max(time, moment) }
}
