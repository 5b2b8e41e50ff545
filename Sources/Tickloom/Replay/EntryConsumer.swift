internal import LoomCore
internal import LoomPublishing

/// Gathers the rows behind an entry of a version: those that the pipeline joins, joined once more.
struct EntryConsumer: ~Copyable, ReplayConsumer {
  private var versions: VersionConsumer
  private var joined: JoinedRows
  private(set) var rows: EntryRows
  private let first: SymbolID
  private let second: SymbolID
  private var firstBars = EntryBars()
  private var secondBars = EntryBars()
  private(set) var pair = CorrelationPair.notActive

  init(_ number: UInt64, _ first: SymbolID, _ second: SymbolID, _ settings: PipelineConfiguration) {
    versions = VersionConsumer(number)
    let corrections = settings.normalization.corrections
    joined = JoinedRows(settings)
    rows = EntryRows(settings.correlation.estimator, corrections: corrections)
    self.first = first
    self.second = second
  }

  /// How many of the versions up to that one there are already, of 1.
  var share: Double { versions.share }

  /// The version, once it was there.
  var version: CorrelationSnapshot? { versions.version }

  mutating func take(bars: Span<CleanBar>) {
    joined.add(bars)
    for index in bars.indices { note(bars[index]) }
  }

  private mutating func note(_ bar: CleanBar) {
    if bar.bar.symbol == first { firstBars.put(bar, forgettingBefore: rows.earliest) }
    if bar.bar.symbol == second { secondBars.put(bar, forgettingBefore: rows.earliest) }
  }

  mutating func take(version: borrowing HeldVersion) throws {
    if version.header.correctingSequence == 0 { joined.move(to: version.start) }
    takeRows()
    try versions.take(version: version)
  }

  private mutating func takeRows() {
    while joined.next() { rows.append(joined.row.start, joined.value(first), joined.value(second)) }
  }

  mutating func take(clock: Timestamp) {
    joined.move(clock: clock)
    takeRows()
  }

  mutating func take(correction: borrowing Correction) {
    for revised in correction.bars { note(revised.clean) }
    guard let start = joined.rewind(correction) else { return }
    rows.removeAll(from: start)
    takeRows()
  }

  mutating func conclude(_ publisher: borrowing VersionPublisher) {
    pair = publisher.pair(first, second)
  }

  /// The rows of the version, with the bars of both symbols.
  var explained: [EntryRow] {
    rows.weighted.map { row in
      var row = row
      row.first.bar = firstBars[row.start]
      row.second.bar = secondBars[row.start]
      return row
    }
  }
}

/// The latest bars of one symbol, by their slots.
private struct EntryBars {
  private var bars: [Timestamp: CleanBar] = [:]
  private var countToForget = 1024

  subscript(start: Timestamp) -> CleanBar? { bars[start] }

  mutating func put(_ bar: CleanBar, forgettingBefore start: Timestamp) {
    bars[bar.bar.start] = bar
    if bars.count < countToForget { return }
    bars = bars.filter { $0.key >= start }
    countToForget = max(1024, 2 * bars.count)
  }
}
