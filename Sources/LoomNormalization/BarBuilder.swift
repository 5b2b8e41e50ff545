public import LoomCore

/// Folds accepted ticks into bars on the grid and closes each bar once.
///
/// A bar closes when its symbol's latest time less the lateness reaches its end, when the market
/// clock does, or at ``closeAll(into:)``. A symbol's bars leave in order of time.
public struct BarBuilder: ~Copyable, Sendable {
  private var slots: OpenSlots
  private var symbols: [SymbolBars] = []

  /// Creates a builder without open bars.
  public init(configuration: NormalizationConfiguration) {
    slots = OpenSlots(configuration: configuration)
  }

  /// The settings.
  public var configuration: NormalizationConfiguration { slots.configuration }

  /// Bytes for one symbol, but for bars that wait for late ticks.
  public static var symbolBytes: Int { MemoryLayout<SymbolBars>.stride }

  /// Takes a batch of accepted ticks and appends the bars that they close.
  ///
  /// - Complexity: O(1) amortised per tick, plus O(symbols) per slot; allocates only while symbols
  ///   or waiting bars become more than ever before.
  public mutating func build(_ ticks: Span<PricedTick>, into closed: inout [Bar]) {
    var none = NoKeeper()
    build(ticks, &closed, &none)
  }

  /// The same, and keeps what corrections of those bars start from.
  public mutating func build(
    _ ticks: Span<PricedTick>, into closed: inout [Bar], keeping states: inout ClosedStates
  ) {
    build(ticks, &closed, &states)
  }

  @inline(__always)
  private mutating func build<Keeper: BarKeeper>(
    _ ticks: Span<PricedTick>, _ closed: inout [Bar], _ states: inout Keeper
  ) {
    var start = 0
    while start < ticks.count {
      start += slots.build(ticks.extracting(start...), &symbols, &closed, &states)
      if start < ticks.count { grow(to: ticks[start].symbol) }
    }
  }

  /// Closes every bar that ends at or before `clock`; `cause` is the last input taken before.
  public mutating func close(
    through clock: Timestamp, cause: UInt64 = 0, into closed: inout [Bar]
  ) {
    var none = NoKeeper()
    slots.close(through: clock, cause, &symbols, &closed, &none)
  }

  /// The same, and keeps what corrections of those bars start from.
  public mutating func close(
    through clock: Timestamp, cause: UInt64 = 0, into closed: inout [Bar],
    keeping states: inout ClosedStates
  ) {
    slots.close(through: clock, cause, &symbols, &closed, &states)
  }

  /// Closes every bar: the input has ended, with `cause` as its last.
  public mutating func closeAll(cause: UInt64 = 0, into closed: inout [Bar]) {
    close(through: .distantFuture, cause: cause, into: &closed)
  }

  /// Takes note of bars that were closed before, in order of time per symbol.
  public mutating func restore(_ bars: Span<Bar>) {
    for index in bars.indices {
      grow(to: bars[index].symbol)
      symbols[bars[index].symbol.index].restore(bars[index].start)
    }
  }

  /// Takes note that the last closed bar of `symbol` now starts at `start`.
  mutating func follow(_ symbol: SymbolID, _ start: Timestamp) {
    grow(to: symbol)
    symbols[symbol.index].restore(start)
  }

  /// A builder of every `count`-th symbol from the `index`-th on, numbered from 0.
  public func part(_ index: Int, of count: Int) -> BarBuilder {
    var part = BarBuilder(configuration: configuration)
    part.symbols = stride(from: index, to: symbols.count, by: count).map { symbols[$0] }
    part.slots.adopt(part.symbols)
    return part
  }

  private mutating func grow(to symbol: SymbolID) {
    while symbols.count <= symbol.index { symbols.append(SymbolBars()) }
  }

  /// How many symbols have had ticks here, or come before one that had.
  public var symbolCount: Int { symbols.count }

  /// Transfers the bars of one symbol; once all were read, ``adopt()`` is called.
  public mutating func transfer<Coder: SnapshotCoder>(
    _ symbol: SymbolID, through coder: inout Coder
  ) throws(SnapshotError) {
    var bars = symbol.index < symbols.count ? symbols[symbol.index] : SymbolBars()
    try bars.transfer(through: &coder)
    if !Coder.isReading { return }
    grow(to: symbol)
    symbols[symbol.index] = bars
  }

  /// Goes on with symbols that were read.
  public mutating func adopt() { slots.adopt(symbols) }
}

/// The slots in which symbols have open bars; the bars themselves are handed in.
private struct OpenSlots {
  let configuration: NormalizationConfiguration
  /// No open bar ends before this; spares looking at every symbol on every tick.
  private var earliestEnd = Timestamp.distantFuture
  /// The slot found last: ticks of all symbols tend to fall into the same.
  private var slotStart = Timestamp.distantPast

  init(configuration: NormalizationConfiguration) { self.configuration = configuration }

  /// Takes ticks up to the first of a symbol that is not in `symbols`, and returns how many.
  mutating func build<Keeper: BarKeeper>(
    _ ticks: Span<PricedTick>, _ symbols: inout [SymbolBars], _ closed: inout [Bar],
    _ states: inout Keeper
  ) -> Int {
    var bars = symbols.mutableSpan
    let length = UInt64(configuration.timeframe.span.count)
    for index in ticks.indices {
      let symbol = ticks[index].symbol.index
      if symbol >= bars.count { return index }
      let distance = ticks[index].time.nanoseconds &- bars[symbol].newest.start.nanoseconds
      // One comparison for both ends; an empty bar starts so long ago that it contains nothing.
      if UInt64(bitPattern: distance) < length {
        bars[symbol].newest.add(ticks[index])
        if configuration.lateness.count > 0 {
          closeWaiting(ticks[index], &bars[symbol], &closed, &states)
        }
      } else {
        open(ticks, index, &bars[symbol], &closed, &states)
      }
      let clock = ticks[index].marketClock
      if clock >= earliestEnd {
        close(through: clock, ticks[index].sequence, &bars, &closed, &states)
      }
    }
    return ticks.count
  }

  /// Adds the tick at `index`, which the newest bar of its symbol does not contain.
  @inline(never)
  private mutating func open<Keeper: BarKeeper>(
    _ ticks: Span<PricedTick>, _ index: Int, _ bars: inout SymbolBars, _ closed: inout [Bar],
    _ states: inout Keeper
  ) {
    let tick = ticks[index]
    let timeframe = configuration.timeframe
    let distance = tick.time.nanoseconds &- slotStart.nanoseconds
    if UInt64(bitPattern: distance) >= UInt64(timeframe.span.count) {
      slotStart = timeframe.slotStart(of: tick.time)
    }
    if configuration.lateness.count == 0, !bars.newest.isEmpty, slotStart > bars.newest.start {
      bars.closeNewest(
        timeframe, tick.symbol, cause: tick.sequence, into: &closed, keeping: &states)
    }
    bars.addElsewhere(tick, start: slotStart)
    earliestEnd = min(earliestEnd, slotStart + timeframe.span)
    if configuration.lateness.count > 0 { closeWaiting(tick, &bars, &closed, &states) }
  }

  /// Closes what no late tick can reach any more once the symbol is at the time of `tick`.
  private mutating func closeWaiting<Keeper: BarKeeper>(
    _ tick: PricedTick, _ bars: inout SymbolBars, _ closed: inout [Bar], _ states: inout Keeper
  ) {
    bars.close(
      through: tick.time - configuration.lateness, configuration.timeframe, tick.symbol,
      cause: tick.sequence, into: &closed, keeping: &states)
  }

  /// Takes over symbols as another builder left them.
  mutating func adopt(_ symbols: borrowing [SymbolBars]) {
    earliestEnd = .distantFuture
    for index in symbols.indices {
      earliestEnd = min(earliestEnd, symbols[index].earliestEnd(configuration.timeframe))
    }
  }

  mutating func close<Keeper: BarKeeper>(
    through clock: Timestamp, _ cause: UInt64, _ symbols: inout [SymbolBars],
    _ closed: inout [Bar], _ states: inout Keeper
  ) {
    guard clock >= earliestEnd else { return }
    var bars = symbols.mutableSpan
    close(through: clock, cause, &bars, &closed, &states)
  }

  private mutating func close<Keeper: BarKeeper>(
    through clock: Timestamp, _ cause: UInt64, _ bars: inout MutableSpan<SymbolBars>,
    _ closed: inout [Bar], _ states: inout Keeper
  ) {
    earliestEnd = .distantFuture
    for index in bars.indices {
      let symbol = SymbolID(rawValue: UInt32(index))
      bars[index].close(
        through: clock, configuration.timeframe, symbol, cause: cause, into: &closed,
        keeping: &states)
      earliestEnd = min(earliestEnd, bars[index].earliestEnd(configuration.timeframe))
    }
  }
}
