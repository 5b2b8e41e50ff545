internal import LoomCore
internal import LoomPublishing

/// The stages in which all symbols meet: clean bars to rows of returns to published versions.
struct Correlator: ~Copyable {
  private(set) var publisher: VersionPublisher
  private var aligner: RowAligner
  private var row = ReturnRow()

  init(configuration: PipelineConfiguration, holders: Int) throws(CoreError) {
    aligner = RowAligner(timeframe: configuration.normalization.timeframe)
    publisher = try VersionPublisher(
      configuration: configuration.correlation, configurationText: configuration.text,
      holders: holders)
  }

  /// Takes bars, which come in order of time per symbol; they wait for their rows.
  mutating func add(_ bars: Span<CleanBar>) { aligner.add(bars) }

  /// Publishes the version of the oldest row whose slot ends at or before `clock`; false when there
  /// is none.
  mutating func publishNext(through clock: Timestamp) throws(CoreError) -> Bool {
    guard aligner.nextRow(through: clock, into: &row) else { return false }
    try publisher.publish(row)
    return true
  }
}
