public import LoomCore

/// Folds accepted ticks into bars on the grid and closes each bar once.
///
/// A bar closes when its symbol's latest time less the lateness reaches its end, when the market
/// clock does, or at ``closeAll(into:)``. A symbol's bars leave in order of time.
public struct BarBuilder: ~Copyable {
  /// The settings.
  public let configuration: NormalizationConfiguration
  private var symbols: [SymbolBars] = []
  /// No open bar ends before this; spares looking at every symbol on every tick.
  private var earliestEnd = Timestamp.distantFuture

  /// The bars of one symbol that are not closed yet.
  private struct SymbolBars {
    /// The latest slot; closed and empty while its tick count is 0.
    var newest = OpenBar()
    /// Older slots still waiting for late ticks, in order of time; empty without lateness.
    var older: [OpenBar] = []
    var latest = Timestamp.distantPast
    var previousStart = Timestamp.distantPast
  }

  /// How many bars are open.
  public private(set) var openCount = 0

  /// Creates a builder without open bars.
  public init(configuration: NormalizationConfiguration) { self.configuration = configuration }

  /// Takes a batch of accepted ticks and appends the bars that they close.
  ///
  /// - Complexity: O(1) amortised per tick, plus O(symbols) per slot; allocates only while symbols
  ///   or waiting bars become more than ever before.
  public mutating func build(_ ticks: Span<PricedTick>, into closed: inout [Bar]) {
    for index in ticks.indices {
      let clock = ticks[index].marketClock
      add(ticks[index], &closed)
      if clock >= earliestEnd { close(through: clock, into: &closed) }
    }
  }

  /// Closes every bar that ends at or before `clock`.
  public mutating func close(through clock: Timestamp, into closed: inout [Bar]) {
    guard clock >= earliestEnd else { return }
    earliestEnd = .distantFuture
    for symbol in symbols.indices {
      close(symbol, through: clock, &closed)
      noteEnds(of: symbol)
    }
  }

  /// Closes every bar: the input has ended.
  public mutating func closeAll(into closed: inout [Bar]) {
    for symbol in symbols.indices { close(symbol, through: .distantFuture, &closed) }
    earliestEnd = .distantFuture
  }

  @inline(__always)
  private mutating func add(_ tick: PricedTick, _ closed: inout [Bar]) {
    let symbol = tick.symbol.index
    while symbols.count <= symbol { symbols.append(SymbolBars()) }
    let sinceStart = tick.time.nanoseconds &- symbols[symbol].newest.start.nanoseconds
    if symbols[symbol].newest.tickCount > 0, sinceStart >= 0,
      sinceStart < configuration.timeframe.span.count
    {
      symbols[symbol].newest.add(tick)
    } else {
      addElsewhere(tick, &closed)
    }
    if tick.time > symbols[symbol].latest {
      symbols[symbol].latest = tick.time
      if configuration.lateness.count > 0 {
        close(symbol, through: tick.time - configuration.lateness, &closed)
      }
    }
  }

  /// Opens a bar, or finds the older one that `tick` belongs to.
  private mutating func addElsewhere(_ tick: PricedTick, _ closed: inout [Bar]) {
    let symbol = tick.symbol.index
    let start = configuration.timeframe.slotStart(of: tick.time)
    let bar = OpenBar(start: start, first: tick)
    earliestEnd = min(earliestEnd, start + configuration.timeframe.span)
    openCount += 1
    if symbols[symbol].newest.tickCount == 0 {
      symbols[symbol].newest = bar
    } else if start > symbols[symbol].newest.start {
      symbols[symbol].older.append(symbols[symbol].newest)
      symbols[symbol].newest = bar
      close(symbol, through: start - configuration.lateness, &closed)
    } else {
      insertOlder(bar, tick, symbol)
    }
  }

  private mutating func insertOlder(_ bar: OpenBar, _ tick: PricedTick, _ symbol: Int) {
    var place = symbols[symbol].older.count
    while place > 0, symbols[symbol].older[place - 1].start > bar.start { place -= 1 }
    if place > 0, symbols[symbol].older[place - 1].start == bar.start {
      symbols[symbol].older[place - 1].add(tick)
      openCount -= 1
    } else {
      symbols[symbol].older.insert(bar, at: place)
    }
  }

  /// Closes the bars of one symbol that end at or before `moment`, oldest first.
  private mutating func close(_ symbol: Int, through moment: Timestamp, _ closed: inout [Bar]) {
    let lastStart = moment - configuration.timeframe.span
    let due = symbols[symbol].older.prefix { $0.start <= lastStart }.count
    for place in 0..<due { emit(symbols[symbol].older[place], symbol, &closed) }
    if due > 0 { symbols[symbol].older.removeFirst(due) }
    if symbols[symbol].newest.tickCount > 0, symbols[symbol].newest.start <= lastStart {
      emit(symbols[symbol].newest, symbol, &closed)
      symbols[symbol].newest.tickCount = 0
    }
  }

  private mutating func emit(_ bar: OpenBar, _ symbol: Int, _ closed: inout [Bar]) {
    let previous = symbols[symbol].previousStart
    let gap =
      previous == .distantPast ? 0 : configuration.timeframe.slotsBetween(previous, bar.start)
    closed.append(
      bar.finished(symbol: SymbolID(rawValue: UInt32(symbol)), gapSlots: gap))
    symbols[symbol].previousStart = bar.start
    openCount -= 1
  }

  private mutating func noteEnds(of symbol: Int) {
    let span = configuration.timeframe.span
    if let first = symbols[symbol].older.first {
      earliestEnd = min(earliestEnd, first.start + span)
    }
    if symbols[symbol].newest.tickCount > 0 {
      earliestEnd = min(earliestEnd, symbols[symbol].newest.start + span)
    }
  }
}
