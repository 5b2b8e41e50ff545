internal import LoomCore

/// The closed bars of one symbol that a late tick can reach, and what was before them.
struct ReachableBars: SnapshotState {
  private struct Entry {
    var state: OpenBar
    var clean: CleanBar
  }

  /// From `first` on; in front of it is what is out of reach and not cleared away yet.
  private var entries: [Entry] = []
  private var first = 0
  /// What the returns of the bars in reach are judged by: it lags behind by the horizon.
  private var returns = SymbolReturns()
  /// Start of the last bar out of reach.
  private var lastStart = Timestamp.distantPast

  /// Takes note of the next closed bar.
  mutating func append(_ clean: CleanBar, state: OpenBar) {
    entries.append(Entry(state: state, clean: clean))
  }

  /// Appends to `left` the bars that start before `reach`, and forgets them.
  mutating func leave(before reach: Timestamp, maximumGap: Int64, left: inout [CleanBar]) {
    while first < entries.count, entries[first].state.start < reach {
      let clean = entries[first].clean
      _ = returns.clean(clean.bar, maximumGap: maximumGap)
      lastStart = clean.bar.start
      left.append(clean)
      first += 1
    }
    // No more is moved than has left since.
    if 2 * first >= entries.count {
      entries.removeFirst(first)
      first = 0
    }
  }

  /// Adds a late tick to the bar of the slot at `start`; returns what the next return is judged by.
  mutating func correct(
    _ tick: PricedTick, start: Timestamp, _ configuration: NormalizationConfiguration,
    into correction: inout BarCorrection
  ) -> SymbolReturns {
    var place = entries.count
    while place > first, entries[place - 1].state.start >= start { place -= 1 }
    let isNew = place == entries.count || entries[place].state.start != start
    if isNew { insert(tick, start: start, at: place) } else { entries[place].state.add(tick) }
    correction.begin(tick)
    var (returns, previous) = (returns, lastStart)
    for index in first..<entries.count {
      let old = entries[index].clean
      if index < place {
        _ = returns.clean(old.bar, maximumGap: configuration.maximumGap)
        correction.unchanged.append(old)
      } else {
        let gap = configuration.timeframe.gap(from: previous, to: entries[index].state.start)
        let bar = entries[index].state.finished(
          symbol: tick.symbol, gapSlots: gap, cause: old.bar.causeSequence)
        let new = returns.clean(bar, maximumGap: configuration.maximumGap)
        let before = isNew && index == place ? nil : old
        entries[index].clean = correction.note(new, of: before, always: index == place)
      }
      previous = entries[index].state.start
    }
    return returns
  }

  /// Has the bars be of a symbol with another number.
  mutating func rename(_ symbol: SymbolID) {
    for index in entries.indices { entries[index].clean.bar.symbol = symbol }
  }

  /// Start of the latest bar.
  var latestStart: Timestamp { entries[entries.count - 1].state.start }

  private mutating func insert(_ tick: PricedTick, start: Timestamp, at place: Int) {
    var state = OpenBar()
    state.begin(start: start, tick)
    let bar = state.finished(symbol: tick.symbol, gapSlots: 0, cause: tick.sequence)
    entries.insert(Entry(state: state, clean: CleanBar(bar: bar)), at: place)
  }

  /// The bars are of no symbol in a snapshot; see ``rename(_:)``.
  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    if !Coder.isReading { rename(.unknown) }
    var waiting = Array(entries[first...])
    var count = waiting.count
    try coder.length(&count)
    if Coder.isReading { waiting.removeAll() }
    for place in 0..<count {
      var entry = Coder.isReading ? Entry(state: OpenBar(), clean: .none) : waiting[place]
      try coder.value(&entry.state)
      try coder.value(&entry.clean)
      if Coder.isReading { waiting.append(entry) }
    }
    if Coder.isReading { (entries, first) = (waiting, 0) }
    try returns.transfer(through: &coder)
    try coder.value(&lastStart)
  }
}

extension BarCorrection {
  /// Takes note of a bar gone through again and returns it, as a new revision where it has changed.
  fileprivate mutating func note(
    _ new: CleanBar, of old: CleanBar?, always: Bool
  ) -> CleanBar {
    var new = new
    new.bar.revision = old?.bar.revision ?? 0
    if let old { before.append(old) }
    if always || old.map({ !new.hasContent(of: $0) }) ?? true {
      new.bar.revision = new.bar.revision == .max ? .max : new.bar.revision + 1
      new.bar.causeSequence = sequence
      revised.append(RevisedBar(new, of: old))
    }
    after.append(new)
    return new
  }
}

extension CleanBar {
  /// Whether all of it but the cause and the revision has the same bits.
  fileprivate func hasContent(of other: CleanBar) -> Bool {
    let counts = bar.tickCount == other.bar.tickCount && bar.gapSlots == other.bar.gapSlots
    let sequences =
      bar.firstSequence == other.bar.firstSequence && bar.lastSequence == other.bar.lastSequence
    let prices =
      [bar.open, bar.high, bar.low, bar.close, bar.volume, bar.vwap, bar.spreadEstimate, logReturn]
    let others = [
      other.bar.open, other.bar.high, other.bar.low, other.bar.close, other.bar.volume,
      other.bar.vwap, other.bar.spreadEstimate, other.logReturn,
    ]
    let sameBits = zip(prices, others).allSatisfy { $0.bitPattern == $1.bitPattern }
    return counts && sequences && flags == other.flags && bar.source == other.bar.source && sameBits
  }
}

extension Timeframe {
  /// The slots without a bar between two that start at `previous` and at `start`.
  fileprivate func gap(from previous: Timestamp, to start: Timestamp) -> Int64 {
    previous == .distantPast ? 0 : slotsBetween(previous, start)
  }
}
