public import LoomCore

/// Keeps the closed bars that a late tick can reach, and corrects them.
///
/// Beside a ``BarBuilder`` and a ``BarCleaner``, which it corrects with them. A symbol costs 256 bytes
/// for each of its bars in the last horizon (twice that at most), and what its returns are judged by
/// once more: 1 kB. A correction goes through the bars in reach again: O(horizon / Δ).
public struct BarCorrector: ~Copyable, Sendable {
  private let configuration: NormalizationConfiguration
  private let horizon: Nanoseconds
  private var symbols: [ReachableBars] = []

  /// Creates a corrector without bars; nil where the settings ask for none.
  public init?(configuration: NormalizationConfiguration) {
    guard let horizon = configuration.corrections.horizon else { return nil }
    self.init(configuration: configuration, horizon: horizon)
  }

  private init(configuration: NormalizationConfiguration, horizon: Nanoseconds) {
    self.configuration = configuration
    self.horizon = horizon
  }

  /// A corrector of every `count`-th symbol from the `index`-th on, numbered from 0.
  public func part(_ index: Int, of count: Int) -> BarCorrector {
    var part = BarCorrector(configuration: configuration, horizon: horizon)
    for (place, symbol) in stride(from: index, to: symbols.count, by: count).enumerated() {
      part.symbols.append(symbols[symbol])
      part.symbols[place].rename(SymbolID(rawValue: UInt32(place)))
    }
    return part
  }

  /// Takes note of closed bars, in their order, and appends to `left` those that no late tick can
  /// reach any more, per symbol in order of time; empties `states`, which are theirs.
  ///
  /// - Complexity: O(1) amortised per bar.
  public mutating func note(
    _ bars: Span<CleanBar>, _ states: inout ClosedStates, left: inout [CleanBar]
  ) {
    precondition(bars.count == states.bars.count, "\(bars.count) bars of \(states.bars.count)")
    for index in bars.indices {
      let symbol = bars[index].bar.symbol
      grow(to: symbol)
      symbols[symbol.index].append(bars[index], state: states.bars[index])
      // Its symbol or the market is at the end of this bar: nothing reaches further back from there.
      let reach = bars[index].bar.start + configuration.timeframe.span - horizon
      symbols[symbol.index].leave(
        before: reach, maximumGap: configuration.maximumGap, left: &left)
    }
    states.removeAll()
  }

  /// Adds a late tick to its bar, or makes the bar that its slot did not have, and goes through the
  /// symbol's bars after it again.
  ///
  /// All bars that were closed before were noted. `cleaner` and `builder` go on from there as if the
  /// tick had been in time.
  /// - Complexity: O(bars in reach).
  public mutating func correct(
    _ tick: PricedTick, of builder: inout BarBuilder, by cleaner: inout BarCleaner,
    into correction: inout BarCorrection
  ) {
    precondition(tick.isCorrecting, "tick \(tick.sequence) corrects nothing")
    grow(to: tick.symbol)
    let start = configuration.timeframe.slotStart(of: tick.time)
    let returns = symbols[tick.symbol.index].correct(
      tick, start: start, configuration, into: &correction)
    cleaner.replace(tick.symbol, by: returns)
    builder.follow(tick.symbol, symbols[tick.symbol.index].latestStart)
  }

  private mutating func grow(to symbol: SymbolID) {
    while symbols.count <= symbol.index { symbols.append(ReachableBars()) }
  }

  /// Transfers the bars of one symbol that can be corrected.
  public mutating func transfer<Coder: SnapshotCoder>(
    _ symbol: SymbolID, through coder: inout Coder
  ) throws(SnapshotError) {
    var bars = symbol.index < symbols.count ? symbols[symbol.index] : ReachableBars()
    try bars.transfer(through: &coder)
    if !Coder.isReading { return }
    bars.rename(symbol)
    grow(to: symbol)
    symbols[symbol.index] = bars
  }
}
