internal import LoomCore

/// The bars of one symbol that are not closed yet.
struct SymbolBars: SnapshotState {
  /// The latest slot; empty while its start is ``Timestamp/distantPast``.
  var newest = OpenBar()
  /// Older slots still waiting for late ticks, in order of time; empty without lateness.
  private var older: [OpenBar] = []
  private var previousStart = Timestamp.distantPast

  /// Takes note of a bar that was closed before.
  mutating func restore(_ start: Timestamp) { previousStart = max(previousStart, start) }

  /// End of the earliest open bar; ``Timestamp/distantFuture`` where none is open.
  func earliestEnd(_ timeframe: Timeframe) -> Timestamp {
    // The start alone: the first element taken out would be a copy of a bar.
    if !older.isEmpty { return older[0].start + timeframe.span }
    return newest.isEmpty ? .distantFuture : newest.start + timeframe.span
  }

  /// Adds a tick to the bar of the slot that begins at `start`, which is not the newest and opened
  /// now where it is not there.
  mutating func addElsewhere(_ tick: PricedTick, start: Timestamp) {
    if newest.isEmpty {
      newest.begin(start: start, tick)
    } else if start > newest.start {
      older.append(newest)
      newest.begin(start: start, tick)
    } else {
      addOlder(tick, start: start)
    }
  }

  private mutating func addOlder(_ tick: PricedTick, start: Timestamp) {
    var place = older.count
    while place > 0, older[place - 1].start > start { place -= 1 }
    if place > 0, older[place - 1].start == start { return older[place - 1].add(tick) }
    var bar = OpenBar()
    bar.begin(start: start, tick)
    older.insert(bar, at: place)
  }

  /// Closes the newest bar.
  @inline(__always)
  mutating func closeNewest<Keeper: BarKeeper>(
    _ timeframe: Timeframe, _ symbol: SymbolID, cause: UInt64, into closed: inout [Bar],
    keeping states: inout Keeper
  ) {
    let gapSlots = gap(before: newest.start, timeframe)
    states.keep(newest)
    closed.append(newest.finished(symbol: symbol, gapSlots: gapSlots, cause: cause))
    newest.start = .distantPast
  }

  /// Closes the bars that end at or before `moment`, oldest first.
  mutating func close<Keeper: BarKeeper>(
    through moment: Timestamp, _ timeframe: Timeframe, _ symbol: SymbolID, cause: UInt64,
    into closed: inout [Bar], keeping states: inout Keeper
  ) {
    let lastStart = moment - timeframe.span
    var due = 0
    while due < older.count, older[due].start <= lastStart {
      let gapSlots = gap(before: older[due].start, timeframe)
      states.keep(older[due])
      closed.append(older[due].finished(symbol: symbol, gapSlots: gapSlots, cause: cause))
      due += 1
    }
    if due > 0 { older.removeFirst(due) }
    if !newest.isEmpty, newest.start <= lastStart {
      closeNewest(timeframe, symbol, cause: cause, into: &closed, keeping: &states)
    }
  }

  /// The slots without a bar before the one that starts at `start`, which becomes the previous bar.
  @inline(__always)
  private mutating func gap(before start: Timestamp, _ timeframe: Timeframe) -> Int64 {
    let previous = previousStart
    previousStart = start
    // Spares the divisions where bars follow each other.
    if previous == .distantPast || start == previous + timeframe.span { return 0 }
    return timeframe.slotsBetween(previous, start)
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try coder.value(&newest)
    try coder.values(&older)
    try coder.value(&previousStart)
  }
}
