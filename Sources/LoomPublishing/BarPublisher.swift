public import LoomCore

/// Publishes the bars and feature rows of all symbols twice: as they close, and as a cut at one time.
///
/// Tier 1, as the matrix is Tier 2. Both are read in place, on any thread; nobody waits.
public struct BarPublisher: ~Copyable {
  /// Length of a slot.
  public let timeframe: Timeframe

  var newest: BarBoard
  var consistent: BarBoard
  var waiting: WaitingBars
  /// Whether the newest have something that is not published.
  var isChanged = false
  /// How far back before the end of a symbol's newest bar others can change; nil where none do.
  private let correctable: Nanoseconds?
  /// What can be corrected, by ``LoomCore/SymbolID``.
  var symbols: [CorrectableBars] = []

  /// Creates a publisher that has published nothing.
  ///
  /// - Parameters:
  ///   - timeframe: Length of a slot.
  ///   - symbols: How many there is room for; with more of them the room doubles.
  ///   - featureCount: Values in a feature row; 0...64.
  ///   - depth: How many bars and how many rows of each symbol ``latest`` keeps; 1...65536.
  ///   - holders: How many tables of each kind readers may hold at one time; 1...4000.
  ///   - correctable: How long before the end of a symbol's newest bar others can start and still be
  ///     corrected; nil where none are.
  /// - Throws: ``LoomCore/CoreError``.
  public init(
    timeframe: Timeframe, symbols: Int, featureCount: Int, depth: Int, holders: Int,
    correctable: Nanoseconds? = nil
  ) throws(CoreError) {
    let newest = try BarBoard(
      symbols: symbols, depth: depth, featureCount: featureCount, holders: holders)
    let consistent = try BarBoard(
      symbols: symbols, depth: 1, featureCount: featureCount, holders: holders)
    self.timeframe = timeframe
    self.newest = newest
    self.consistent = consistent
    self.correctable = correctable
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

  /// Bytes that corrections take for each symbol, whose bars can change over `slots` slots.
  public static func correctableByteCount(slots: Int, featureCount: Int, depth: Int) -> Int {
    (slots + depth) * CorrectableBars.byteCount(featureCount: featureCount)
      + MemoryLayout<CorrectableBars>.stride
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
  /// is one table for each slot in which any symbol has a bar, and one more of the present T for each
  /// correction, in order of time and whatever the batches; the number says which.
  public var cut: BarReader { consistent.reader }

  /// How many cuts there were: slots and corrections.
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
    if let correctable { keep(bars, rows, correctable) }
  }

  private mutating func take(_ bar: CleanBar, _ features: Span<Double>) throws(CoreError) {
    try newest.append(start: bar.bar.start, symbol: bar.bar.symbol, values: features)
    waiting.add(bar, features)
  }

  /// Keeps what was taken for corrections.
  private mutating func keep(
    _ bars: Span<CleanBar>, _ rows: Span<FeatureRow>, _ correctable: Nanoseconds
  ) {
    var next = 0
    for index in bars.indices {
      let (start, symbol) = (bars[index].bar.start, bars[index].bar.symbol.index)
      grow(to: symbol)
      symbols[symbol].append(bars[index])
      if bars[index].isValid {
        let values = rows[next].values.span.extracting(0..<Int(rows[next].count))
        symbols[symbol].append(start: start, values)
        next += 1
      }
      symbols[symbol].leave(before: start + timeframe.span - correctable, depth: newest.depth)
    }
  }

  private mutating func grow(to symbol: Int) {
    while symbols.count <= symbol { symbols.append(CorrectableBars()) }
  }

  /// Takes what a late tick has changed of a symbol, and publishes both tables as if it had been in
  /// time; the cut is of the same T, or of a later one whose slot had no bar before.
  ///
  /// - Parameters:
  ///   - symbol: The symbol.
  ///   - bars: The bars that are not what they were, in order of time; all that are not older than
  ///     can be corrected.
  ///   - rows: The feature rows that are not what they were; a bar that is no longer valid has none.
  ///   - clock: As that of ``publish(through:)``, which was called with it before.
  /// - Throws: ``LoomCore/CoreError/outOfMemory``; what was not published comes with the next call.
  /// - Complexity: O(depth + (bars + rows)·(bars and rows kept) + bars that wait); allocates.
  public mutating func correct(
    _ symbol: SymbolID, bars: Span<CleanBar>, rows: Span<FeatureRow>, through clock: Timestamp
  ) throws(CoreError) {
    precondition(correctable != nil, "nothing is kept to be corrected")
    if bars.isEmpty { return }
    grow(to: symbol.index)
    let time = consistent.clock
    for index in bars.indices {
      let isNew = symbols[symbol.index].revise(bars[index])
      if isNew, bars[index].bar.start > time { waiting.add(bars[index]) }
    }
    for index in rows.indices { symbols[symbol.index].revise(rows[index]) }
    waiting.revise(symbol, from: bars[0].bar.start, by: symbols[symbol.index])
    try symbols[symbol.index].show(symbol, through: .distantFuture, on: &newest)
    isChanged = true
    if bars[0].bar.start <= time {
      try symbols[symbol.index].show(symbol, through: time, on: &consistent)
    }
    try consistent.publish(clock: time)
    try publish(through: clock)
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
