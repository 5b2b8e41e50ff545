internal import LoomCore

/// The rules by which inputs are accepted, and what they share: the market clock.
struct TickJudge: SnapshotState {
  let configuration: NormalizationConfiguration
  private let isAutomatic: Bool
  private(set) var latenessHistogram = LatenessHistogram()
  var clock: MarketClock
  private let maximumHeld: Int
  /// The symbol that many slots wait for, or did last; an index.
  private(set) var ahead = 0
  /// The slot found last: ticks of all symbols tend to fall into the same.
  private var slotStart = Timestamp.distantPast

  init(configuration: NormalizationConfiguration, maximumHeld: Int) {
    self.configuration = configuration
    self.maximumHeld = maximumHeld
    isAutomatic = configuration.price == .automatic
    clock = MarketClock(idle: configuration.idle)
  }

  /// Accepts the tick at `index` if it has nothing unusual about it; else changes nothing.
  ///
  /// Says yes only where ``acceptAny(_:_:_:_:)`` would, after fewer and more predictable steps.
  @inline(__always)
  mutating func acceptOrdinary(
    _ ticks: Span<SequencedTick>, _ index: Int, _ history: inout SymbolHistory,
    _ priced: inout PricedTick
  ) -> Bool {
    let tick = ticks[index].tick
    let mid = tick.mid
    let price = price(of: tick, mid, history)
    guard tick.flags.isPlain, hasLegalTime(tick), tick.isSound(price: price, mid: mid),
      history.lastPrice > 0, tick.venueSequence == 0 || history.isFirst(tick),
      isOnTime(tick.time, history.latest)
    else { return false }
    latenessHistogram.recordOnTime()
    note(tick, at: price.finite(or: history.lastPrice), &history)
    priced = PricedTick(
      time: tick.time, symbol: tick.symbol, price: history.lastPrice,
      size: tick.lastSize.finite(or: 0),
      spread: tick.ask - tick.bid, sequence: ticks[index].sequence, marketClock: clock.time,
      source: tick.source)
    history.counters.accept()
    if tick.venueSequence != 0 {
      history.recent.insert(ticks, index)
    } else {
      history.recent.age()
    }
    return true
  }

  /// Accepts the input at `index` of whatever kind, or says why not and changes nothing but the
  /// count of late ones.
  @inline(never)
  mutating func acceptAny(
    _ ticks: Span<SequencedTick>, _ index: Int, _ history: inout SymbolHistory,
    _ priced: inout PricedTick
  ) -> RejectReason? {
    let tick = ticks[index].tick
    let isBar = tick.flags.contains(.bar)
    if let reason = tick.flags.refusal { return reason }
    if !hasLegalTime(tick) { return .invalidTime }
    if let flaw = isBar ? tick.flawAsBar : tick.flaw(forced: configuration.price) { return flaw }
    history.decidePrice(tick, isBar: isBar)
    let own = isBar ? tick.last : price(of: tick, tick.mid, history)
    let price = own.isFinite ? own : history.lastPrice
    if price.isNaN { return .invalidPrice }
    let isTold = isBar || tick.venueSequence != 0
    if isTold, !history.isFirst(tick), history.recent.contains(tick) { return .duplicate }
    if isLate(tick.time, history.latest) { return .late }
    note(tick, at: price, &history)
    // A bar that waits may get its first tick late.
    if tick.time < history.latest { enterSlot(of: tick.time, &history.held) }
    priced = record(ticks[index], price: price, isBar: isBar)
    history.counters.accept()
    if isTold { history.recent.insert(ticks, index) } else { history.recent.age() }
    return nil
  }

  /// What becomes of a late tick.
  enum LateOutcome { case corrects, repeats, stays }

  /// Writes what the late tick at `index` adds to its closed bar, where the horizon reaches that.
  ///
  /// It is remembered, so that no repeat of it corrects the bar again.
  @inline(never)
  func correct(
    _ ticks: Span<SequencedTick>, _ index: Int, _ history: inout SymbolHistory,
    _ priced: inout PricedTick
  ) -> LateOutcome {
    guard let horizon = configuration.corrections.horizon else { return .stays }
    let tick = ticks[index].tick
    let isBar = tick.flags.contains(.bar)
    let isTold = isBar || tick.venueSequence != 0
    // The market may have passed a symbol by: then what is remembered is later than its latest time.
    if isTold, history.recent.contains(tick) { return .repeats }
    let reach = max(history.latest, clock.time) - horizon
    if configuration.timeframe.slotStart(of: tick.time) < reach { return .stays }
    let own = isBar ? tick.last : price(of: tick, tick.mid, history)
    priced = record(
      ticks[index], price: own.isFinite ? own : history.lastPrice, isBar: isBar)
    priced.isCorrecting = true
    if isTold { history.recent.insert(ticks, index) } else { history.recent.age() }
    return .corrects
  }

  @inline(__always)
  private func record(_ input: SequencedTick, price: Double, isBar: Bool) -> PricedTick {
    let tick = input.tick
    return PricedTick(
      time: tick.time, symbol: tick.symbol,
      open: isBar ? tick.open : price, high: isBar ? tick.high : price,
      low: isBar ? tick.low : price, close: price,
      size: tick.tradedSize, spread: isBar ? .nan : tick.ask - tick.bid,
      sequence: input.sequence, marketClock: clock.time, source: tick.source)
  }

  /// Takes note of a bar that was closed before: its slot is over, and its close is the last price.
  mutating func restore(_ bar: Bar, _ history: inout SymbolHistory) {
    let end = bar.start + configuration.timeframe.span
    let last = Timestamp(nanoseconds: end.nanoseconds - 1)
    history.decidePrice(bar)
    history.lastPrice = bar.close
    if last > history.latest {
      history.latest = last
      clock.observe(bar.symbol, latest: last)
    }
    enterSlot(of: bar.start, &history.held)
  }

  /// Takes note of the price and the time of an accepted input.
  @inline(__always)
  private mutating func note(_ tick: Tick, at price: Double, _ history: inout SymbolHistory) {
    history.lastPrice = price
    if tick.time > history.latest {
      history.latest = tick.time
      clock.observe(tick.symbol, latest: tick.time)
    }
  }

  /// Takes note of a slot with a bar; of those that wait too many, the market clock reaches the
  /// oldest.
  @inline(never)
  mutating func enterSlot(
    of time: Timestamp, _ history: inout SymbolHistory, _ priced: inout PricedTick
  ) {
    enterSlot(of: time, &history.held)
    priced.marketClock = clock.time
  }

  /// Has `symbol`, which many slots wait for, be the only one that holds what so many take.
  @inline(never)
  mutating func lead(_ symbol: Int, _ histories: inout MutableSpan<SymbolHistory>) {
    histories[ahead].held.removeAll(through: clock.time - configuration.timeframe.span)
    ahead = symbol
  }

  private mutating func enterSlot(of time: Timestamp, _ held: inout HeldSlots) {
    let span = configuration.timeframe.span
    if time < slotStart || time >= slotStart + span {
      slotStart = configuration.timeframe.slotStart(of: time)
    }
    held.insert(slotStart, end: slotStart + span)
    held.removeAll(through: clock.time - span)
    if held.count > maximumHeld {
      clock.advance(to: held.oldest + span)
      held.removeAll(through: clock.time - span)
    }
  }

  /// The price of a tick that the run asks for; NaN where it has none.
  @inline(__always)
  private func price(
    of tick: Tick, _ mid: Double, _ history: borrowing SymbolHistory
  ) -> Double {
    isAutomatic
      ? history.automaticPrice(mid: mid, last: tick.last) : tick.price(configuration.price)
  }

  @inline(__always)
  private func hasLegalTime(_ tick: Tick) -> Bool {
    if tick.time < .earliest || tick.time >= .end { return false }
    guard let ahead = configuration.maximumAhead else { return true }
    return tick.time <= tick.receiveTime + ahead
  }

  /// Whether the slot of `time` is surely open for a symbol whose latest time is `latest`.
  @inline(__always)
  private func isOnTime(_ time: Timestamp, _ latest: Timestamp) -> Bool {
    let reached = max(latest, clock.time)
    if time >= reached { return true }
    let end = slotStart + configuration.timeframe.span
    return time >= slotStart && reached < end
  }

  /// Whether the slot of `time` is closed for a symbol whose latest time is `latest`.
  private mutating func isLate(_ time: Timestamp, _ latest: Timestamp) -> Bool {
    let span = configuration.timeframe.span
    if time < slotStart || time >= slotStart + span {
      slotStart = configuration.timeframe.slotStart(of: time)
    }
    let end = slotStart + span
    if end > latest, end > clock.time {
      latenessHistogram.recordOnTime()
      return false
    }
    let behindMarket = end <= clock.time
    latenessHistogram.record(
      max(latest - end, behindMarket ? clock.time + configuration.idle - end : .zero))
    return behindMarket || end <= latest - configuration.lateness
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try latenessHistogram.transfer(through: &coder)
    try clock.transfer(through: &coder)
    try coder.count(&ahead)
    try coder.value(&slotStart)
  }
}

extension TickFlags {
  /// Whether this is a quote or trade, neither a snapshot nor refused by its reader.
  @inline(__always)
  fileprivate var isPlain: Bool { isSubset(of: [.quote, .trade, .buyer, .seller]) }
}
