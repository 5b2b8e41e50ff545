internal import LoomCore
internal import LoomNormalization
internal import LoomPublishing

/// The stages in which all symbols meet: clean bars to published tables and, by rows of returns, to
/// published versions.
struct Correlator: ~Copyable {
  private(set) var publisher: VersionPublisher
  private var aligner: RowAligner
  private var row = ReturnRow()
  private(set) var tables: BarTables
  /// Rows of slots that end by then are out.
  private var clock = Timestamp.distantPast

  init(
    configuration: PipelineConfiguration, holders: Int, tables: consuming BarTables
  ) throws(CoreError) {
    let timeframe = configuration.normalization.timeframe
    let horizon = configuration.normalization.corrections.horizon
    // A row is out once the market clock is at its end, from where a correction reaches back.
    let correctable = horizon.map { Nanoseconds($0.count - timeframe.span.count) }
    let publisher = try VersionPublisher(
      configuration: configuration.correlation, configurationText: configuration.text,
      holders: holders, correctable: correctable)
    aligner = RowAligner(timeframe: timeframe, kept: horizon)
    self.publisher = publisher
    self.tables = tables
  }

  /// Takes bars, which come in order of time per symbol and wait for their rows of returns, and the
  /// feature rows of the valid ones.
  mutating func take(bars: Span<CleanBar>, rows: Span<FeatureRow>) throws(CoreError) {
    aligner.add(bars)
    try tables.take(bars: bars, rows: rows)
  }

  /// Publishes the version of the oldest row whose slot ends at or before `clock`; false when there
  /// is none, and all tables up to `clock` are published.
  ///
  /// A version finds the cut of its slot in place.
  mutating func publishNext(through clock: Timestamp) throws(CoreError) -> Bool {
    self.clock = max(self.clock, clock)
    guard aligner.nextRow(through: clock, into: &row) else {
      try tables.publish(through: clock)
      return false
    }
    try tables.publish(through: row.start + aligner.timeframe.span)
    try publisher.publish(row)
    return true
  }

  /// Publishes the tables and the version in which the bars of a symbol, and their feature rows, are
  /// what the late tick `sequence` has made of them; those that wait for their rows of returns are
  /// replaced.
  mutating func correct(
    _ symbol: SymbolID, _ revised: [RevisedBar], _ features: [FeatureRow], sequence: UInt64
  ) throws(CoreError) {
    let bars = revised.map(\.clean)
    guard let start = bars.first?.bar.start else { return }
    try tables.correct(symbol, bars: bars.span, rows: features.span, through: clock)
    aligner.rewind(to: start, revising: bars.span)
    var rows: [ReturnRow] = []
    var row = ReturnRow()
    while aligner.nextRow(through: clock, into: &row) { rows.append(row) }
    let correction = VersionCorrection(
      sequence: sequence, symbol: symbol, bars: bars.map(\.bar.start))
    try publisher.publish(correction, from: start, rows: rows)
  }

  /// No more versions will follow: who awaits them need not.
  mutating func finish() { publisher.finish() }

  /// Transfers what the symbols have in common.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try publisher.transfer(through: &coder)
    try aligner.transfer(through: &coder)
    try tables.transfer(through: &coder)
    try coder.value(&clock)
  }
}
