internal import LoomCore

/// The second largest of the symbols' latest times less the idle span: no symbol moves it alone.
struct MarketClock: SnapshotState {
  private let idle: Nanoseconds
  /// The symbol that is furthest, and how far; before there is one, at a time before all others.
  private var leader = SymbolID.unknown
  private(set) var leaderTime = Timestamp.distantPast

  /// How far the market is known to be; ``Timestamp/distantPast`` while fewer than two symbols are.
  private(set) var time = Timestamp.distantPast

  /// Creates a clock that stays `idle` behind the second fastest symbol.
  init(idle: Nanoseconds) { self.idle = idle }

  /// Takes note that the latest accepted event time of `symbol` has risen to `latest`.
  ///
  /// The earlier one of `latest` and of another symbol's time is one that two symbols have reached,
  /// and the largest of all those is the second largest time.
  @inline(__always)
  mutating func observe(_ symbol: SymbolID, latest: Timestamp) {
    let reached = symbol == leader ? .distantPast : min(latest, leaderTime)
    advance(to: reached - idle)
    if latest > leaderTime {
      leader = symbol
      leaderTime = latest
    }
  }

  /// Moves the clock to `moment` unless it is there already.
  @inline(__always)
  mutating func advance(to moment: Timestamp) { time = max(time, moment) }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try coder.value(&leader)
    try coder.value(&leaderTime)
    try coder.value(&time)
  }
}
