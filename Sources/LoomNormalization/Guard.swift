public import LoomCore

/// Decides for each input whether it is accepted, and at which price.
///
/// The first stage of the pipeline: a plain value with one step. It holds, per symbol, the latest
/// accepted time, the last price, and what a repeat is told by; and, for all, the market clock.
public struct Guard: ~Copyable {
  /// Rejected inputs that belong to no registered symbol.
  public private(set) var unattributed = TickCounters()

  /// Bytes for one symbol whose ticks have sequences, so that all places for repeats are used.
  public static var symbolBytesMaximum: Int {
    let counters = 32 + 8 * RejectReason.allCases.count
    let recent = RecentTicks.window / RecentBlock.count * MemoryLayout<RecentBlock>.stride
    // The array of them doubles, beside the one it is copied from.
    return 3 * MemoryLayout<SymbolHistory>.stride + counters + recent
  }

  /// Bytes for the slots of one symbol of which at most `count` wait for the market clock, after ever
  /// so many have.
  public static func heldBytes(_ count: Int) -> Int {
    32 + max(HeldSlots.placesKept, 4 * count) * MemoryLayout<Timestamp>.stride
  }

  /// Journal sequence of the last input judged; 0 before there is one.
  public private(set) var lastSequence: UInt64 = 0

  private(set) var histories: [SymbolHistory] = []
  private var judge: TickJudge

  /// Creates a guard that has seen nothing.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - maximumHeld: Most slots of one symbol that may wait for the market clock, 2²⁰ unless set;
  ///     with one more, the clock moves to the end of the oldest. Bars wait for their rows as long,
  ///     so that what a silent market holds back is bounded: 8 bytes a slot here, 24 at the aligner.
  ///     Only the symbol that is ahead of all others has that many; what it took is given back.
  public init(configuration: NormalizationConfiguration, maximumHeld: Int = 1 << 20) {
    precondition(maximumHeld > 0, "room for \(maximumHeld) slots")
    judge = TickJudge(configuration: configuration, maximumHeld: maximumHeld)
  }

  /// How many symbols there have been: those of all inputs, rejected or not.
  public var symbolCount: Int { histories.count }

  /// How the inputs of each symbol ended; the index is the ``SymbolID``.
  ///
  /// - Complexity: O(symbols).
  public var counters: [TickCounters] { histories.map(\.counters) }

  /// The settings.
  public var configuration: NormalizationConfiguration { judge.configuration }

  /// How late the inputs came that reached the last test, for choosing a lateness.
  public var latenessHistogram: LatenessHistogram { judge.latenessHistogram }

  /// How far the market is known to be; ``Timestamp/distantPast`` while fewer than two symbols are.
  public var marketClock: Timestamp { judge.clock.time }

  /// The market clock; while there is none, how far the one symbol that there is has come.
  public var knownTime: Timestamp {
    marketClock > .distantPast ? marketClock : judge.clock.leaderTime
  }

  /// Moves the market clock to `moment`; it never goes back.
  public mutating func advance(to moment: Timestamp) {
    judge.clock.advance(to: min(moment, .distantFuture))
  }

  /// The counts over all symbols and the rejections that belong to none.
  public var total: TickCounters {
    var total = unattributed
    for index in histories.indices { total += histories[index].counters }
    return total
  }

  /// The latest accepted event time of `symbol`; ``Timestamp/distantPast`` before there is one.
  public func latestTime(of symbol: SymbolID) -> Timestamp {
    symbol.index < histories.count ? histories[symbol.index].latest : .distantPast
  }

  /// The price of the latest accepted input of `symbol`, in order of arrival; NaN before there is one.
  public func lastPrice(of symbol: SymbolID) -> Double {
    symbol.index < histories.count ? histories[symbol.index].lastPrice : .nan
  }

  /// Judges a batch: writes what is accepted to `accepted`, appends what is not to `rejected`.
  ///
  /// `accepted` is at least as long as `ticks`. With corrections on, a late tick within the horizon
  /// is written to both: it stays rejected in the counts, and the record in `accepted` says
  /// ``PricedTick/isCorrecting``. It is remembered for telling repeats like those accepted, and
  /// changes nothing else here.
  ///
  /// - Returns: How many were written to `accepted`.
  /// - Complexity: O(1) per tick; allocates only when a symbol is new or its memory of recent ticks
  ///   grows.
  public mutating func admit(
    _ ticks: Span<SequencedTick>, into accepted: inout MutableSpan<PricedTick>,
    rejected: inout [Rejection]
  ) -> Int {
    precondition(accepted.count >= ticks.count, "room for \(accepted.count) of \(ticks.count)")
    var (next, count) = (0, 0)
    while next < ticks.count {
      let tick = ticks[next].tick
      if tick.symbol != .unknown { grow(to: tick.symbol) }
      let reason =
        tick.symbol == .unknown
        ? tick.flags.refusal ?? .unknownSymbol
        : Self.accept(ticks, from: &next, &judge, &histories, &accepted, &count)
      guard var reason else { continue }
      if reason == .late {
        reason = Self.correct(ticks, next, &judge, &histories, &accepted, &count)
      }
      reject(ticks[next].tick.symbol, reason)
      rejected.append(Rejection(index: next, reason: reason))
      next += 1
    }
    if !ticks.isEmpty { lastSequence = ticks[ticks.count - 1].sequence }
    return count
  }

  /// Accepts ticks until one cannot be: `next` is its place, or that of one of a new symbol.
  ///
  /// A function of what it changes, so that the array is made ready for writing once.
  private static func accept(
    _ ticks: Span<SequencedTick>, from next: inout Int, _ judge: inout TickJudge,
    _ histories: inout [SymbolHistory], _ accepted: inout MutableSpan<PricedTick>,
    _ count: inout Int
  ) -> RejectReason? {
    var histories = histories.mutableSpan
    let rest = ticks.extracting(next...)
    var place = count
    defer { count = place }
    for index in rest.indices {
      let symbol = rest[index].tick.symbol.index
      if symbol >= histories.count {
        next += index
        return nil
      }
      if !judge.acceptOrdinary(rest, index, &histories[symbol], &accepted[place]),
        let reason = judge.acceptAny(rest, index, &histories[symbol], &accepted[place])
      {
        next += index
        return reason
      }
      // Apart from the acceptance, whose numbers would have to be saved around the call.
      if histories[symbol].held.isBehind(rest[index].tick.time) {
        judge.enterSlot(of: rest[index].tick.time, &histories[symbol], &accepted[place])
        if histories[symbol].held.hasGrown, symbol != judge.ahead {
          judge.lead(symbol, &histories)
        }
      }
      place += 1
    }
    next = ticks.count
    return nil
  }

  /// Takes note of bars that were closed before, in order of time per symbol.
  ///
  /// Ticks of their slots are late, and the market clock moves as by a tick at the very end of each.
  /// A symbol whose first
  /// bar has a spread takes its automatic price from quotes, as after the ticks of that bar.
  public mutating func restore(_ bars: Span<Bar>) {
    for index in bars.indices {
      let symbol = bars[index].symbol
      grow(to: symbol)
      judge.restore(bars[index], &histories[symbol.index])
      if histories[symbol.index].held.hasGrown, symbol.index != judge.ahead {
        Self.lead(symbol, &judge, &histories)
      }
      lastSequence = max(lastSequence, bars[index].lastSequence)
    }
  }

  private static func lead(
    _ symbol: SymbolID, _ judge: inout TickJudge, _ histories: inout [SymbolHistory]
  ) {
    var histories = histories.mutableSpan
    judge.lead(symbol.index, &histories)
  }

  /// What comes from now on is no bar: symbols that had bars alone take their price as their next
  /// tick says.
  public mutating func endBars() {
    guard configuration.price == .automatic else { return }
    for index in histories.indices { histories[index].endBars() }
  }

  /// Lets a late tick correct its bar where the settings ask for it and the horizon reaches; how it
  /// ends.
  private static func correct(
    _ ticks: Span<SequencedTick>, _ index: Int, _ judge: inout TickJudge,
    _ histories: inout [SymbolHistory], _ accepted: inout MutableSpan<PricedTick>,
    _ count: inout Int
  ) -> RejectReason {
    let symbol = ticks[index].tick.symbol.index
    let outcome = judge.correct(ticks, index, &histories[symbol], &accepted[count])
    if outcome == .corrects { count += 1 }
    return outcome == .repeats ? .duplicate : .late
  }

  /// Counts inputs that were refused before they could be judged, such as by a full ring.
  public mutating func reject(_ symbol: SymbolID, _ reason: RejectReason, count: Int = 1) {
    guard symbol != .unknown else { return unattributed.reject(reason, count: count) }
    grow(to: symbol)
    histories[symbol.index].counters.reject(reason, count: count)
  }

  /// Counts inputs that were refused before they could be judged, as far as they are not counted yet.
  public mutating func adopt(
    _ counters: [(symbol: SymbolID, reason: RejectReason, count: Int)]
  ) {
    var unknown = TickCounters()
    var known: [TickCounters] = []
    for (symbol, reason, count) in counters {
      if symbol == .unknown {
        unknown.reject(reason, count: count)
        continue
      }
      while known.count <= symbol.index { known.append(TickCounters()) }
      known[symbol.index].reject(reason, count: count)
    }
    for reason in RejectReason.allCases {
      unattributed.reject(reason, count: max(0, unknown[reason] - unattributed[reason]))
      for symbol in known.indices where known[symbol][reason] > 0 {
        let id = SymbolID(rawValue: UInt32(symbol))
        grow(to: id)
        let new = known[symbol][reason] - histories[symbol].counters[reason]
        reject(id, reason, count: max(0, new))
      }
    }
  }

  private mutating func grow(to symbol: SymbolID) {
    while histories.count <= symbol.index {
      histories.append(SymbolHistory())
    }
  }

  /// Transfers everything that inputs have changed.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("guard")
    try unattributed.transfer(through: &coder)
    try coder.sequence(&lastSequence)
    try coder.states(&histories) { SymbolHistory() }
    try judge.transfer(through: &coder)
    try coder.require(judge.ahead < max(1, histories.count), "the symbol ahead")
  }
}
