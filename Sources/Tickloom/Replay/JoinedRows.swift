internal import LoomCore
internal import LoomPublishing

/// The rows of returns behind the versions of a replay: joined once more, as the pipeline joins them.
struct JoinedRows: ~Copyable {
  /// The row that ``next()`` has found.
  private(set) var row = ReturnRow()
  private var aligner: RowAligner
  /// Rows of slots that end by then are out.
  private var clock = Timestamp.distantPast

  init(_ settings: PipelineConfiguration) {
    aligner = RowAligner(
      timeframe: settings.normalization.timeframe,
      kept: settings.normalization.corrections.horizon)
  }

  mutating func add(_ bars: Span<CleanBar>) { aligner.add(bars) }

  /// The version of the row at `start` is out.
  mutating func move(to start: Timestamp) { move(clock: start + aligner.timeframe.span) }

  /// So are those of all rows that end at or before `clock`.
  mutating func move(clock: Timestamp) { self.clock = max(self.clock, clock) }

  /// Steps to the next row that is out; false where there is none.
  mutating func next() -> Bool { aligner.nextRow(through: clock, into: &row) }

  /// The return of a symbol in ``row``; NaN where it has none.
  func value(_ symbol: SymbolID) -> Double {
    symbol.index < row.returns.count ? row.returns[symbol.index] : .nan
  }

  /// Goes back to the first bar of a correction, as the pipeline does; where that starts.
  ///
  /// The rows from there on come again.
  mutating func rewind(_ correction: borrowing Correction) -> Timestamp? {
    let bars = correction.bars.map(\.clean)
    guard let start = bars.first?.bar.start else { return nil }
    aligner.rewind(to: start, revising: bars.span)
    return start
  }
}
