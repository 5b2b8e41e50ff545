internal import Glibc
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
    while symbols.count <= symbol { symbols.append(SymbolReturns()) }
    // Before the first bar there is no close, and so no return.
    let logReturn =
      bar.gapSlots > maximumGap ? .nan : log(bar.close / symbols[symbol].previousClose)
    var flags: BarFlags = []
    if symbols[symbol].isOutlier(logReturn, gapSlots: bar.gapSlots) { flags.insert(.outlier) }
    let ordered =
      bar.low <= min(bar.open, bar.close) && max(bar.open, bar.close) <= bar.high && bar.low > 0
    if ordered, !flags.contains(.outlier) { flags.insert(.valid) }
    symbols[symbol].previousClose = bar.close
    return CleanBar(bar: bar, logReturn: logReturn, flags: flags)
  }
}

/// What one symbol's returns are judged by.
private struct SymbolReturns {
  static let regimeChange = 5

  var previousClose = Double.nan
  private var window = ReturnWindow()
  private var outliersInARow = 0

  /// Whether `value` is an outlier among the returns before it; then takes note of it.
  ///
  /// The fifth outlier in a row is a change of regime: it is flagged too, then the window restarts
  /// empty.
  mutating func isOutlier(_ value: Double, gapSlots: Int64) -> Bool {
    guard value.isFinite else { return false }
    guard window.isFar(value, gapSlots: gapSlots) else {
      outliersInARow = 0
      window.insert(value)
      return false
    }
    outliersInARow += 1
    if outliersInARow == Self.regimeChange {
      outliersInARow = 0
      window = ReturnWindow()
    }
    return true
  }
}
