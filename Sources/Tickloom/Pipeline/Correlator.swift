internal import LoomCore
internal import LoomPublishing

/// The stages in which all symbols meet: clean bars to published tables and, by rows of returns, to
/// published versions.
struct Correlator: ~Copyable {
  private(set) var publisher: VersionPublisher
  private var aligner: RowAligner
  private var row = ReturnRow()
  private(set) var tables: BarTables

  init(
    configuration: PipelineConfiguration, holders: Int, tables: consuming BarTables
  ) throws(CoreError) {
    let publisher = try VersionPublisher(
      configuration: configuration.correlation, configurationText: configuration.text,
      holders: holders)
    aligner = RowAligner(timeframe: configuration.normalization.timeframe)
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
    guard aligner.nextRow(through: clock, into: &row) else {
      try tables.publish(through: clock)
      return false
    }
    try tables.publish(through: row.start + aligner.timeframe.span)
    try publisher.publish(row)
    return true
  }

  /// No more versions will follow: who awaits them need not.
  mutating func finish() { publisher.finish() }
}
