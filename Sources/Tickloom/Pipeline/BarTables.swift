internal import LoomCore
internal import LoomPublishing

/// Published tables of bars and feature rows, for pipelines that are asked for them.
struct BarTables: ~Copyable {
  /// Where they are read; nil where there are none.
  let readers: (latest: BarReader, cut: BarReader)?
  /// How many bars and rows of each symbol they keep; nil where there are none.
  let depth: Int?
  private var publisher: BarPublisher?

  /// Publishes none.
  init() {
    readers = nil
    depth = nil
    publisher = nil
  }

  init(
    timeframe: Timeframe, symbols: Int, featureCount: Int, depth: Int, holders: Int,
    correctable: Nanoseconds?
  ) throws(CoreError) {
    let made = try BarPublisher(
      timeframe: timeframe, symbols: symbols, featureCount: featureCount, depth: depth,
      holders: holders, correctable: correctable)
    readers = (made.latest, made.cut)
    self.depth = depth
    publisher = consume made
  }

  mutating func take(bars: Span<CleanBar>, rows: Span<FeatureRow>) throws(CoreError) {
    try publisher?.take(bars: bars, rows: rows)
  }

  mutating func correct(
    _ symbol: SymbolID, bars: Span<CleanBar>, rows: Span<FeatureRow>, through clock: Timestamp
  ) throws(CoreError) {
    try publisher?.correct(symbol, bars: bars, rows: rows, through: clock)
  }

  mutating func publish(through clock: Timestamp) throws(CoreError) {
    try publisher?.publish(through: clock)
  }

  /// Transfers what was published last and what waits.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try publisher?.transfer(through: &coder)
  }
}
