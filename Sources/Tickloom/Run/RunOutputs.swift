internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomNormalization
internal import LoomPublishing
internal import LoomSystem

/// Where everything a run puts out goes: counts, files, the store, and the courses for a report.
struct RunOutputs: ~Copyable, PipelineConsumer {
  private(set) var statistics: RunStatistics
  private(set) var charts: RunCharts?
  private(set) var labels: Labels
  private(set) var files: RunFiles?
  private(set) var store: RunStore?
  /// The rows that the current ticks came from.
  private var batch = InputBatch()
  /// Time spent here, for the stage times.
  private(set) var nanoseconds: Int64 = 0

  init(
    statistics: RunStatistics, sources: [String], files: consuming RunFiles?,
    store: consuming RunStore?, charts: RunCharts?
  ) {
    self.statistics = statistics
    self.files = files
    self.store = store
    self.charts = charts
    labels = Labels(symbols: [], sources: sources)
  }

  /// Takes note of the rows that are processed next, and of the symbols registered with them.
  mutating func begin(_ delivery: RunFeed.Delivery) throws(JournalError) {
    batch = delivery.batch
    statistics.countRows(delivery.batch.ticks.span)
    if delivery.newSymbols.isEmpty { return }
    try store?.register(delivery.newSymbols, after: labels.symbols.count)
    labels.symbols += delivery.newSymbols
    statistics.grow(to: labels.symbols.count - 1)
    files?.register(labels.symbols)
  }

  /// Lets go of the rows.
  mutating func end() { batch = InputBatch() }

  mutating func take(rejections: Span<Rejection>, offset: Int) throws {
    for index in rejections.indices {
      let row = offset + rejections[index].index
      let input = batch.ticks[row]
      statistics.countRejected(input.tick, rejections[index].reason)
      let (origin, text, symbol) = (batch.origins[row], batch.text, symbolName(row))
      try files?.rejects.append(
        input, symbol: symbol, rejections[index].reason,
        source: labels.sources[input.tick.source.index], line: origin.line,
        text: text.span.extracting(origin.offset..<origin.offset + origin.length))
    }
  }

  mutating func take(bars: Span<CleanBar>) throws {
    try timed { outputs in
      outputs.statistics.count(bars)
      outputs.charts?.add(bars)
      try outputs.files?.bars.append(bars, outputs.labels)
      try outputs.store?.append(bars)
    }
  }

  mutating func take(features: Span<FeatureRow>) throws {
    try timed { outputs in
      outputs.statistics.count(features)
      outputs.charts?.add(features)
      try outputs.files?.features.append(features, outputs.labels)
      try outputs.store?.append(features)
    }
  }

  mutating func take(version: CorrelationSnapshot) throws {
    try timed { outputs in
      outputs.charts?.add(version)
      try outputs.files?.append(version, names: outputs.labels.symbols)
      try outputs.store?.append(version)
    }
  }

  mutating func take(clock: Timestamp) throws {
    try timed { outputs in try outputs.files?.drain(through: clock) }
  }

  private mutating func timed(_ body: (inout RunOutputs) throws -> Void) throws {
    let start = MonotonicClock.nanoseconds
    try body(&self)
    nanoseconds += MonotonicClock.nanoseconds - start
  }

  /// The name of a row's symbol, empty where it is not known.
  private func symbolName(_ row: Int) -> String {
    let symbol = batch.ticks[row].tick.symbol
    if symbol != .unknown { return labels.symbols[symbol.index] }
    return batch.unregistered.first { $0.row == row }?.name ?? ""
  }

  /// Writes what is left and gives every file its final name.
  consuming func commit(
    _ summary: RunSummary, _ publisher: borrowing VersionPublisher
  ) throws {
    let names = labels.symbols
    if let store { try store.close() }
    guard let files else { return }
    var covariances = [Double](repeating: .nan, count: publisher.latest.correlations.count)
    var room = covariances.mutableSpan
    publisher.copyCovariances(into: &room)
    try files.commit(summary, covariances: covariances, names: names)
  }
}
