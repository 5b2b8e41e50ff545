internal import LoomCore

/// Notices where symbols begin and end to give ticks up.
///
/// Looks only where a producer has raised the flag or an overflow goes on, and a thousand times a
/// second at most: a flood costs a look at every feed's number then, and nothing else ever.
struct OverflowWatch: ~Copyable {
  private struct Episode {
    let symbol: SymbolID
    /// Given up before it began.
    let before: UInt64
    /// When it was last seen to go on, in monotonic nanoseconds.
    var lastMoment: Int64
  }

  private let quietNanoseconds: Int64
  private var isHinted = false
  private var nextLook: Int64 = 0
  /// What each symbol had given up at the last look.
  private var dropped: [UInt64] = []
  private var episodes: [Episode] = []

  init(quietSpan: Nanoseconds) { quietNanoseconds = quietSpan.count }

  /// Whether there is anything to look for; `hint` is whether a producer raised the flag.
  @inline(__always)
  mutating func isDue(_ hint: Bool) -> Bool {
    isHinted = isHinted || hint
    return isHinted || !episodes.isEmpty
  }

  /// Looks at the numbers of all symbols that have a feed, if it is time again; returns those that
  /// have grown.
  mutating func look(
    _ desk: borrowing FeedDesk, _ door: InboxDoor, now: Int64, clock: Timestamp,
    _ watch: EngineWatch
  ) -> [SymbolID] {
    if now < nextLook { return [] }
    nextLook = now + min(1_000_000, quietNanoseconds)
    isHinted = false
    var grown: [SymbolID] = []
    for symbol in desk.open where look(at: symbol, door.dropped(symbol), now, clock, watch) {
      grown.append(symbol)
    }
    for episode in episodes where now - episode.lastMoment > quietNanoseconds {
      watch.overflowEnded(episode.symbol, count: dropped[episode.symbol.index] - episode.before)
    }
    episodes.removeAll { now - $0.lastMoment > quietNanoseconds }
    return grown
  }

  /// Looks a last time, and ends what goes on: nothing is pushed any more.
  mutating func finish(
    _ desk: borrowing FeedDesk, _ door: InboxDoor, clock: Timestamp, _ watch: EngineWatch
  ) {
    for symbol in desk.open { _ = look(at: symbol, door.dropped(symbol), 0, clock, watch) }
    for episode in episodes {
      watch.overflowEnded(episode.symbol, count: dropped[episode.symbol.index] - episode.before)
    }
    episodes = []
  }

  private mutating func look(
    at symbol: SymbolID, _ count: UInt64, _ now: Int64, _ clock: Timestamp, _ watch: EngineWatch
  ) -> Bool {
    while dropped.count <= symbol.index { dropped.append(0) }
    let before = dropped[symbol.index]
    if count == before { return false }
    dropped[symbol.index] = count
    if let place = episodes.firstIndex(where: { $0.symbol == symbol }) {
      episodes[place].lastMoment = now
    } else {
      episodes.append(Episode(symbol: symbol, before: before, lastMoment: now))
      watch.overflowBegan(symbol, count: count - before, at: clock)
    }
    return true
  }
}
