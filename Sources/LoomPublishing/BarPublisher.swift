public import LoomCore

/// Publishes the bars and feature rows of all symbols twice: as they close, and as a cut at one time.
///
/// Tier 1, as the matrix is Tier 2. Both are read in place, on any thread; nobody waits.
public struct BarPublisher: ~Copyable {
  /// Length of a slot.
  public let timeframe: Timeframe

  private var newest: BarBoard
  private var consistent: BarBoard
  private var waiting: WaitingBars
  /// Whether the newest have something that is not published.
  private var isChanged = false

  /// Creates a publisher that has published nothing.
  ///
  /// - Parameters:
  ///   - timeframe: Length of a slot.
  ///   - symbols: How many there is room for; with more of them the room doubles.
  ///   - featureCount: Values in a feature row; 0...64.
  ///   - depth: How many bars and how many rows of each symbol ``latest`` keeps; 1...65536.
  ///   - holders: How many tables of each kind readers may hold at one time; 1...4000.
  /// - Throws: ``LoomCore/CoreError``.
  public init(
    timeframe: Timeframe, symbols: Int, featureCount: Int, depth: Int, holders: Int
  ) throws(CoreError) {
    let newest = try BarBoard(
      symbols: symbols, depth: depth, featureCount: featureCount, holders: holders)
    let consistent = try BarBoard(
      symbols: symbols, depth: 1, featureCount: featureCount, holders: holders)
    self.timeframe = timeframe
    self.newest = newest
    self.consistent = consistent
    waiting = WaitingBars(featureCount: featureCount)
  }

  /// Bytes of such a publisher, once as many tables as may be were held, and `waiting` bars waited for
  /// the market clock, at one time.
  public static func byteCount(
    symbols: Int, featureCount: Int, depth: Int, holders: Int, waiting: Int
  ) -> Int {
    let boards = [depth, 1].map { depth in
      BarBoard.byteCount(
        symbols: symbols, depth: depth, featureCount: featureCount, holders: holders)
    }
    return boards[0] + boards[1] + waiting * WaitingBars.byteCount(featureCount: featureCount)
  }

  /// The bars and rows that closed last, of each symbol on its own.
  ///
  /// A table holds all that was taken before it was published: a bar and its row come together, and
  /// of two symbols one may be ahead of the other. Its clock is the one given to
  /// ``publish(through:)``. How many tables there are depends on how the input was cut.
  public var latest: BarReader { newest.reader }

  /// Every symbol's newest bar and row as of one time T, which is the table's clock.
  ///
  /// The slot that starts at T is final: no bar that starts at T or before will come any more. Of
  /// each symbol the table holds the newest bar that starts at T or before, and the newest row. There
  /// is one table for each slot in which any symbol has a bar, in order of time and whatever the
  /// batches; the number says which.
  public var cut: BarReader { consistent.reader }

  /// How many slots have been cut.
  public var cutCount: UInt64 { consistent.number }

  /// Takes bars that closed, per symbol in order of time, and the feature rows of the valid ones.
  ///
  /// - Parameters:
  ///   - bars: The bars.
  ///   - rows: One for each valid bar, in their order.
  /// - Throws: ``LoomCore/CoreError/outOfMemory``.
  /// - Complexity: O(log w) a bar where w bars wait for the market clock; allocates only where there
  ///   are more symbols, or more bars wait, than ever before.
  public mutating func take(bars: Span<CleanBar>, rows: Span<FeatureRow>) throws(CoreError) {
    if bars.isEmpty { return }
    isChanged = true
    var next = 0
    for index in bars.indices {
      let bar = bars[index]
      try newest.append(bar)
      if bar.isValid {
        precondition(next < rows.count, "\(rows.count) feature rows, and more valid bars")
        try take(bar, rows[next].values.span.extracting(0..<Int(rows[next].count)))
        next += 1
      } else {
        waiting.add(bar)
      }
    }
    precondition(next == rows.count, "\(rows.count) feature rows for \(next) valid bars")
  }

  private mutating func take(_ bar: CleanBar, _ features: Span<Double>) throws(CoreError) {
    try newest.append(start: bar.bar.start, symbol: bar.bar.symbol, values: features)
    waiting.add(bar, features)
  }

  /// Publishes what was taken as ``latest``, and a ``cut`` of each slot that ends at or before `clock`.
  ///
  /// - Parameter clock: The market clock: no bar of a slot that ends by then will be taken any more.
  /// - Throws: ``LoomCore/CoreError/outOfMemory``; what was not published comes with the next call.
  /// - Complexity: O(1) where there is nothing to publish; else what has changed.
  public mutating func publish(through clock: Timestamp) throws(CoreError) {
    if isChanged {
      try newest.publish(clock: clock)
      isChanged = false
    }
    while let start = waiting.firstStart, start + timeframe.span <= clock {
      while waiting.firstStart == start { try waiting.moveFirst(to: &consistent) }
      try consistent.publish(clock: start)
    }
  }
}
