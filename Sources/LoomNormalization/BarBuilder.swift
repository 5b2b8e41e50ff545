public import LoomCore

/// Folds accepted ticks into bars on the grid and closes each bar once.
///
/// A bar closes when its symbol's latest time less the lateness reaches its end, when the market
/// clock does, or at ``closeAll(into:)``. A symbol's bars leave in order of time.
public struct BarBuilder: ~Copyable {
  private var slots: OpenSlots
  private var symbols: [SymbolBars] = []

  /// Creates a builder without open bars.
  public init(configuration: NormalizationConfiguration) {
    slots = OpenSlots(configuration: configuration)
  }

  /// The settings.
  public var configuration: NormalizationConfiguration { slots.configuration }

  /// How many bars are open.
  public var openCount: Int { slots.openCount }

  /// Takes a batch of accepted ticks and appends the bars that they close.
  ///
  /// - Complexity: O(1) amortised per tick, plus O(symbols) per slot; allocates only while symbols
  ///   or waiting bars become more than ever before.
  public mutating func build(_ ticks: Span<PricedTick>, into closed: inout [Bar]) {
    var start = 0
    while start < ticks.count {
      start += slots.build(ticks.extracting(start...), &symbols, &closed)
      if start < ticks.count { grow(to: ticks[start].symbol) }
    }
  }

  /// Closes every bar that ends at or before `clock`.
  public mutating func close(through clock: Timestamp, into closed: inout [Bar]) {
    slots.close(through: clock, &symbols, &closed)
  }

  /// Closes every bar: the input has ended.
  public mutating func closeAll(into closed: inout [Bar]) {
    close(through: .distantFuture, into: &closed)
  }

  private mutating func grow(to symbol: SymbolID) {
    while symbols.count <= symbol.index { symbols.append(SymbolBars()) }
  }
}

/// The slots in which symbols have open bars; the bars themselves are handed in.
private struct OpenSlots {
  let configuration: NormalizationConfiguration
  private(set) var openCount = 0
  /// No open bar ends before this; spares looking at every symbol on every tick.
  private var earliestEnd = Timestamp.distantFuture
  /// The slot found last: ticks of all symbols tend to fall into the same.
  private var slotStart = Timestamp.distantPast

  init(configuration: NormalizationConfiguration) { self.configuration = configuration }

  /// Takes ticks up to the first of a symbol that is not in `symbols`, and returns how many.
  mutating func build(
    _ ticks: Span<PricedTick>, _ symbols: inout [SymbolBars], _ closed: inout [Bar]
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
        if configuration.lateness.count > 0 { closeWaiting(ticks[index], &bars[symbol], &closed) }
      } else {
        open(ticks, index, &bars[symbol], &closed)
      }
      let clock = ticks[index].marketClock
      if clock >= earliestEnd { close(through: clock, &bars, &closed) }
    }
    return ticks.count
  }

  /// Adds the tick at `index`, which the newest bar of its symbol does not contain.
  @inline(never)
  private mutating func open(
    _ ticks: Span<PricedTick>, _ index: Int, _ bars: inout SymbolBars, _ closed: inout [Bar]
  ) {
    let tick = ticks[index]
    let timeframe = configuration.timeframe
    let distance = tick.time.nanoseconds &- slotStart.nanoseconds
    if UInt64(bitPattern: distance) >= UInt64(timeframe.span.count) {
      slotStart = timeframe.slotStart(of: tick.time)
    }
    if configuration.lateness.count == 0, !bars.newest.isEmpty, slotStart > bars.newest.start {
      bars.closeNewest(timeframe, tick.symbol, into: &closed)
      openCount -= 1
    }
    if bars.addElsewhere(tick, start: slotStart) { openCount += 1 }
    earliestEnd = min(earliestEnd, slotStart + timeframe.span)
    if configuration.lateness.count > 0 { closeWaiting(tick, &bars, &closed) }
  }

  /// Closes what no late tick can reach any more once the symbol is at the time of `tick`.
  private mutating func closeWaiting(
    _ tick: PricedTick, _ bars: inout SymbolBars, _ closed: inout [Bar]
  ) {
    let before = closed.count
    bars.close(
      through: tick.time - configuration.lateness, configuration.timeframe, tick.symbol,
      into: &closed)
    openCount -= closed.count - before
  }

  mutating func close(
    through clock: Timestamp, _ symbols: inout [SymbolBars], _ closed: inout [Bar]
  ) {
    guard clock >= earliestEnd else { return }
    var bars = symbols.mutableSpan
    close(through: clock, &bars, &closed)
  }

  private mutating func close(
    through clock: Timestamp, _ bars: inout MutableSpan<SymbolBars>, _ closed: inout [Bar]
  ) {
    let before = closed.count
    earliestEnd = .distantFuture
    for index in bars.indices {
      let symbol = SymbolID(rawValue: UInt32(index))
      bars[index].close(through: clock, configuration.timeframe, symbol, into: &closed)
      earliestEnd = min(earliestEnd, bars[index].earliestEnd(configuration.timeframe))
    }
    openCount -= closed.count - before
  }
}
