public import LoomCore

/// Gives each closed bar its return and its flags.
///
/// Holds, per symbol, the previous close and the last 64 returns that were finite and no outliers.
public struct BarCleaner: ~Copyable, Sendable {
  private let maximumGap: Int64
  private var symbols: [SymbolReturns] = []

  /// Creates a cleaner that has seen no bar.
  public init(configuration: NormalizationConfiguration) {
    maximumGap = configuration.maximumGap
  }

  /// Bytes for one symbol.
  public static var symbolBytes: Int { MemoryLayout<SymbolReturns>.stride }

  /// A cleaner of every `count`-th symbol from the `index`-th on, numbered from 0.
  public func part(_ index: Int, of count: Int) -> BarCleaner {
    var part = BarCleaner(maximumGap: maximumGap)
    part.symbols = stride(from: index, to: symbols.count, by: count).map { symbols[$0] }
    return part
  }

  private init(maximumGap: Int64) { self.maximumGap = maximumGap }

  /// Appends one clean bar for each of `bars`, which must come in order of time per symbol.
  ///
  /// - Complexity: O(1) per bar (a window of 64); allocates only when a symbol is new.
  public mutating func clean(_ bars: Span<Bar>, into cleaned: inout [CleanBar]) {
    for index in bars.indices { cleaned.append(clean(bars[index])) }
  }

  private mutating func clean(_ bar: Bar) -> CleanBar {
    let symbol = bar.symbol.index
    grow(to: symbol)
    return symbols[symbol].clean(bar, maximumGap: maximumGap)
  }

  /// Goes on with returns of a symbol that were gone through again.
  mutating func replace(_ symbol: SymbolID, by returns: SymbolReturns) {
    grow(to: symbol.index)
    symbols[symbol.index] = returns
  }

  private mutating func grow(to symbol: Int) {
    while symbols.count <= symbol { symbols.append(SymbolReturns()) }
  }

  /// Transfers what the returns of one symbol are judged by.
  public mutating func transfer<Coder: SnapshotCoder>(
    _ symbol: SymbolID, through coder: inout Coder
  ) throws(SnapshotError) {
    var returns = symbol.index < symbols.count ? symbols[symbol.index] : SymbolReturns()
    try returns.transfer(through: &coder)
    if Coder.isReading { replace(symbol, by: returns) }
  }
}
