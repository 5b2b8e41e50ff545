public import LoomCore

/// Decides for each input whether it is accepted, and at which price.
///
/// The first stage of the pipeline: a plain value with one step. It holds, per symbol, the latest
/// accepted time, the last price, and what a repeat is told by; and, for all, the market clock.
public struct Guard: ~Copyable {
  /// The settings.
  public let configuration: NormalizationConfiguration
  /// How the inputs of each symbol ended; the index is the ``SymbolID``.
  public private(set) var counters: [TickCounters] = []
  /// Rejected inputs that belong to no registered symbol.
  public private(set) var unattributed = TickCounters()

  private var states: [SymbolState] = []
  private var recent: [RecentTicks] = []
  private var clock: MarketClock
  private var cachedSlotStart = Int64.min / 2
  /// How late the inputs came that reached the last test, for choosing a lateness.
  public private(set) var latenessHistogram = LatenessHistogram()

  /// What a tick is judged by; plain data, so that looking at it costs no reference counts.
  private struct SymbolState: BitwiseCopyable {
    var latest = Timestamp.distantPast
    var lastPrice = Double.nan
    var kind = Kind.unknown
  }

  /// Whether a symbol's automatic price is its mid or its last price.
  private enum Kind: UInt8, BitwiseCopyable {
    case unknown, quoted, traded
  }

  /// Creates a guard that has seen nothing.
  public init(configuration: NormalizationConfiguration) {
    self.configuration = configuration
    clock = MarketClock(idle: configuration.idle)
  }

  /// How far the market is known to be; ``Timestamp/distantPast`` while fewer than two symbols are.
  public var marketClock: Timestamp { clock.time }

  /// Moves the market clock to `moment`; it never goes back.
  public mutating func advance(to moment: Timestamp) { clock.advance(to: moment) }

  /// The counts over all symbols and the rejections that belong to none.
  public var total: TickCounters {
    var total = unattributed
    for counter in counters { total += counter }
    return total
  }

  /// The latest accepted event time of `symbol`; ``Timestamp/distantPast`` before there is one.
  public func latestTime(of symbol: SymbolID) -> Timestamp {
    symbol.index < states.count ? states[symbol.index].latest : .distantPast
  }

  /// Judges a batch: writes what is accepted to `accepted`, appends what is not to `rejected`.
  ///
  /// `accepted` is at least as long as `ticks`.
  ///
  /// - Returns: How many were accepted.
  /// - Complexity: O(1) per tick; allocates only when a symbol is new or its memory of recent ticks
  ///   grows.
  public mutating func admit(
    _ ticks: Span<SequencedTick>, into accepted: inout MutableSpan<PricedTick>,
    rejected: inout [Rejection]
  ) -> Int {
    precondition(accepted.count >= ticks.count, "room for \(accepted.count) of \(ticks.count)")
    var count = 0
    for index in ticks.indices {
      var priced = PricedTick(
        time: ticks[index].tick.time, symbol: ticks[index].tick.symbol, price: .nan,
        sequence: ticks[index].sequence, source: ticks[index].tick.source)
      if let reason = judge(ticks[index].tick, &priced) {
        reject(ticks[index].tick.symbol, reason)
        rejected.append(Rejection(index: index, reason: reason))
      } else {
        accepted[count] = priced
        count += 1
      }
    }
    return count
  }

  /// Counts an input that was refused before it could be judged, such as by a full ring.
  public mutating func reject(_ symbol: SymbolID, _ reason: RejectReason) {
    guard symbol != .unknown else { return unattributed.reject(reason) }
    grow(to: symbol)
    counters[symbol.index].reject(reason)
  }

  private mutating func grow(to symbol: SymbolID) {
    while states.count <= symbol.index {
      states.append(SymbolState())
      recent.append(RecentTicks())
      counters.append(TickCounters())
    }
  }

  /// The reason to reject `tick`, or nil after everything an accepted tick changes has changed.
  @inline(__always)
  private mutating func judge(_ tick: Tick, _ priced: inout PricedTick) -> RejectReason? {
    if let refusal = tick.flags.refusal { return refusal }
    if tick.symbol == .unknown { return .unknownSymbol }
    if let reason = invalidTime(tick) { return reason }
    let isBar = tick.flags.contains(.bar)
    if let reason = isBar ? invalidBar(tick) : invalidTick(tick) { return reason }
    let symbol = tick.symbol.index
    if symbol >= states.count { grow(to: tick.symbol) }

    if states[symbol].kind == .unknown {
      states[symbol].kind = !isBar && !mid(tick).isNaN ? .quoted : .traded
    }
    let state = states[symbol]
    let price = isBar ? tick.last : self.price(of: tick, state.kind)
    let carried = price.isFinite ? price : state.lastPrice
    if carried.isNaN { return .invalidPrice }

    if isBar || tick.venueSequence != 0 {
      if recent[symbol].contains(tick) { return .duplicate }
      if isLate(tick.time, state.latest) { return .late }
      recent[symbol].insert(tick)
    } else {
      if isLate(tick.time, state.latest) { return .late }
      recent[symbol].age(tick)
    }
    states[symbol].lastPrice = carried
    if tick.time > state.latest {
      states[symbol].latest = tick.time
      clock.observe(tick.symbol, latest: tick.time)
    }
    counters[symbol].accept()
    priced.marketClock = clock.time
    let size = tick.flags.contains(.snapshot) || tick.lastSize.isNaN ? 0 : tick.lastSize
    priced.size = size
    priced.open = isBar ? tick.open : carried
    priced.high = isBar ? tick.high : carried
    priced.low = isBar ? tick.low : carried
    priced.close = carried
    priced.spread = isBar ? .nan : tick.ask - tick.bid
    return nil
  }

  @inline(__always)
  private func invalidTime(_ tick: Tick) -> RejectReason? {
    if tick.time < .earliest || tick.time >= .end { return .invalidTime }
    if let ahead = configuration.maximumAhead, tick.time > tick.receiveTime + ahead {
      return .invalidTime
    }
    return nil
  }

  private func invalidBar(_ bar: Tick) -> RejectReason? {
    let sound =
      bar.open.isFinite && bar.high.isFinite && bar.low.isFinite && bar.last.isFinite
      && bar.low > 0 && bar.low <= min(bar.open, bar.last) && bar.high >= max(bar.open, bar.last)
    if !sound { return .invalidPrice }
    return isInvalidSize(bar.lastSize) ? .invalidSize : nil
  }

  @inline(__always)
  private func invalidTick(_ tick: Tick) -> RejectReason? {
    if isInvalidPrice(tick.bid) || isInvalidPrice(tick.ask) || isInvalidPrice(tick.last) {
      return .invalidPrice
    }
    if !(mid(tick).isFinite || tick.last.isFinite || forcedPrice(of: tick).isFinite) {
      return .invalidPrice
    }
    if tick.bid > tick.ask { return .crossed }
    if isInvalidSize(tick.bidSize) || isInvalidSize(tick.askSize) || isInvalidSize(tick.lastSize) {
      return .invalidSize
    }
    return nil
  }

  /// Absent is fine; present must be finite and positive.
  @inline(__always)
  private func isInvalidPrice(_ price: Double) -> Bool {
    !price.isNaN && !(price > 0 && price < .infinity)
  }

  /// Absent is fine; present must be finite and not negative.
  @inline(__always)
  private func isInvalidSize(_ size: Double) -> Bool {
    size < 0 || size == .infinity
  }

  /// NaN where a side is absent; infinite where the sum leaves the range of Double.
  @inline(__always)
  private func mid(_ tick: Tick) -> Double { (tick.bid + tick.ask) / 2 }

  /// The price the run asks for; the mid where the run leaves it to the symbol.
  @inline(__always)
  private func forcedPrice(of tick: Tick) -> Double {
    switch configuration.price {
    case .automatic, .mid: mid(tick)
    case .bid: tick.bid
    case .ask: tick.ask
    case .last: tick.last
    }
  }

  @inline(__always)
  private func price(of tick: Tick, _ kind: Kind) -> Double {
    guard configuration.price == .automatic else { return forcedPrice(of: tick) }
    return kind == .quoted ? mid(tick) : tick.last
  }

  /// Whether the slot of `time` is closed for a symbol whose latest time is `latest`.
  @inline(__always)
  private mutating func isLate(_ time: Timestamp, _ latest: Timestamp) -> Bool {
    let span = configuration.timeframe.span
    if time.nanoseconds &- cachedSlotStart >= span.count || time.nanoseconds < cachedSlotStart {
      cachedSlotStart = configuration.timeframe.slotStart(of: time).nanoseconds
    }
    let end = Timestamp(nanoseconds: cachedSlotStart) + span
    if end > latest, end > clock.time {
      latenessHistogram.recordOnTime()
      return false
    }
    let behindMarket = end <= clock.time
    latenessHistogram.record(
      max(latest - end, behindMarket ? clock.time + configuration.idle - end : .zero))
    return behindMarket || end <= latest - configuration.lateness
  }
}
