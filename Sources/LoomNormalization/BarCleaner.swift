internal import Glibc
public import LoomCore

/// Gives each closed bar its return and its flags.
///
/// Holds, per symbol, the previous close and the last 64 returns that were finite and no outliers.
public struct BarCleaner: ~Copyable {
  private let maximumGap: Int64
  private var symbols: [SymbolReturns] = []

  /// Creates a cleaner that has seen no bar.
  public init(configuration: NormalizationConfiguration) {
    maximumGap = configuration.maximumGap
  }

  /// Appends one clean bar for each of `bars`, which must come in order of time per symbol.
  ///
  /// - Complexity: O(1) per bar (a window of 64); allocates only when a symbol is new.
  public mutating func clean(_ bars: Span<Bar>, into cleaned: inout [CleanBar]) {
    for index in bars.indices { cleaned.append(clean(bars[index])) }
  }

  private mutating func clean(_ bar: Bar) -> CleanBar {
    let symbol = bar.symbol.index
    while symbols.count <= symbol { symbols.append(SymbolReturns()) }
    let previousStart = symbols[symbol].previousStart
    let isFirst = previousStart == .distantPast
    let logReturn =
      isFirst || bar.gapSlots > maximumGap
      ? .nan : log(bar.close / symbols[symbol].previousClose)
    var flags: BarFlags = []
    if symbols[symbol].isOutlier(logReturn, gapSlots: bar.gapSlots) { flags.insert(.outlier) }
    let ordered =
      bar.low <= min(bar.open, bar.close) && max(bar.open, bar.close) <= bar.high && bar.low > 0
    if ordered, !flags.contains(.outlier) { flags.insert(.valid) }
    symbols[symbol].previousStart = bar.start
    symbols[symbol].previousClose = bar.close
    return CleanBar(bar: bar, previousStart: previousStart, logReturn: logReturn, flags: flags)
  }
}

/// What one symbol's returns are judged by.
private struct SymbolReturns {
  static let window = 64
  static let minimumCount = 32
  static let regimeChange = 5

  var previousStart = Timestamp.distantPast
  var previousClose = Double.nan
  private var returns = InlineArray<64, Double>(repeating: 0)
  /// How many of `returns` are in use, and where the next one goes.
  private var count = 0
  private var next = 0
  private var outliersInARow = 0

  /// Whether `value` is an outlier among the returns before it; then takes note of it.
  ///
  /// |r − m| > 10·s·√(1 + gap) with the mean m and sample standard deviation s of the window, which
  /// must hold 32 returns and vary by more than 1e-20 of their mean square. The fifth outlier in a
  /// row is a change of regime: it is flagged too, then the window restarts empty.
  mutating func isOutlier(_ value: Double, gapSlots: Int64) -> Bool {
    guard value.isFinite else { return false }
    guard liesFarOut(value, gapSlots) else {
      outliersInARow = 0
      returns[next] = value
      next = (next + 1) % Self.window
      count = min(count + 1, Self.window)
      return false
    }
    outliersInARow += 1
    if outliersInARow == Self.regimeChange {
      outliersInARow = 0
      count = 0
      next = 0
    }
    return true
  }

  private func liesFarOut(_ value: Double, _ gapSlots: Int64) -> Bool {
    guard count >= Self.minimumCount else { return false }
    let window = returns.span.extracting(0..<count)
    var sum = 0.0
    var squares = 0.0
    for index in window.indices {
      sum += window[index]
      squares += window[index] * window[index]
    }
    let mean = sum / Double(count)
    var deviations = 0.0
    for index in window.indices {
      let deviation = window[index] - mean
      deviations += deviation * deviation
    }
    let variance = deviations / Double(count - 1)
    guard variance > 1e-20 * squares / Double(count) else { return false }
    return abs(value - mean) > 10 * variance.squareRoot() * (1 + Double(gapSlots)).squareRoot()
  }
}
