internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomNormalization
internal import LoomPublishing
internal import LoomSystem

/// Where everything a run puts out goes: counts, courses for a report, and the writing thread.
struct RunOutputs: ~Copyable, PipelineConsumer {
  private(set) var statistics: RunStatistics
  private(set) var charts: RunCharts?
  /// What late ticks can still change; nil where they correct nothing.
  private var correctable: CorrectableResults?
  /// The latest bars of a live run.
  private(set) var latestBars: LatestBars?
  /// By ``SymbolID``.
  private(set) var symbols: [String] = []
  private let sources: [String]
  private let matrixEvery: UInt64
  /// Nil where nothing is written.
  private var writer: RunWriter?
  private var parcel = RunParcel()
  /// The rows that the current ticks came from.
  private var batch = InputBatch()
  private let keepsInputs: Bool
  /// The last input that was taken.
  private(set) var lastSequence: UInt64
  /// The last input that the store held before.
  private let keptThrough: UInt64
  /// After which input the last snapshot was taken.
  private var lastSnapshot: UInt64
  /// How far the feeds are read; where a store keeps it.
  private var reading: ReadingState

  /// Starts the writing thread where `plan` asks for anything; every `matrixEvery`-th matrix is
  /// kept, none where that is nil; `resumption` says what the store holds already.
  init(
    statistics: RunStatistics, charts: RunCharts?, latestBars: LatestBars?,
    corrections: Corrections, plan: RunWriter.Plan, matrixEvery: Int?,
    resumption: RunResumption? = nil
  ) throws(SystemError) {
    var writer: RunWriter?
    if !plan.isEmpty { writer = try RunWriter(plan) }
    self.writer = writer
    keepsInputs = plan.store != nil
    self.statistics = statistics
    self.charts = charts
    self.latestBars = latestBars
    correctable = CorrectableResults(corrections)
    sources = plan.sources
    self.matrixEvery = UInt64(matrixEvery ?? 0)
    symbols = plan.symbols
    keptThrough = resumption?.point.lastSequence ?? 0
    lastSequence = resumption?.point.snapshot?.sequence ?? 0
    lastSnapshot = lastSequence
    reading = ReadingState(sourceCount: plan.sources.count, resumption)
    self.statistics.grow(to: symbols.count - 1)
  }

  /// Takes note of the rows that are processed next, and of the symbols registered with them.
  mutating func begin(_ delivery: RunFeed.Delivery) {
    batch = delivery.batch
    statistics.countRows(delivery.batch.ticks.span)
    if keepsInputs {
      // Rows that are no tick have no place in the order.
      for tick in delivery.batch.ticks where tick.sequence > 0 {
        if tick.sequence > keptThrough { parcel.ticks.append(tick) }
        lastSequence = tick.sequence
      }
      if !delivery.isKept { reading.take(delivery.batch) }
    }
    if delivery.newSymbols.isEmpty { return }
    symbols += delivery.newSymbols
    parcel.newSymbols += delivery.newSymbols
    statistics.grow(to: symbols.count - 1)
  }

  /// Takes note that the market clock is moved to `moment` by other than ticks.
  mutating func move(clock moment: Timestamp, isKept: Bool) {
    if !keepsInputs || isKept { return }
    parcel.clockEvents.append(ClockEvent(afterSequence: lastSequence, time: moment))
  }

  /// Lets go of the rows and sends away what came of them.
  mutating func end() throws {
    batch = InputBatch()
    if keepsInputs { reading.put(into: &parcel) }
    try send()
  }

  /// The run has failed in a way that nobody would go on from: a store that it has made goes.
  mutating func discard() throws {
    parcel.isDiscarded = true
    try send()
    _ = try writer?.finish()
  }

  /// Whether so many inputs have come since the last snapshot, 0 for never.
  func isSnapshotDue(every count: UInt64) -> Bool {
    keepsInputs && count > 0 && lastSequence > keptThrough
      && lastSequence - lastSnapshot >= count
  }

  /// Transfers what the snapshot of a run holds beside the pipeline.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try statistics.transfer(through: &coder)
    // The settings say whether there are any.
    try correctable?.transfer(through: &coder)
    // A live run shows them, and one over files may go on where it ended, or the other way round.
    var latest = latestBars ?? LatestBars()
    try latest.transfer(through: &coder)
    if latestBars != nil { latestBars = latest }
  }

  /// Has the store keep the state after all that was taken.
  mutating func keep(_ snapshot: StoreSnapshot) throws {
    parcel.snapshot = snapshot
    lastSnapshot = snapshot.sequence
    try send()
  }

  /// Counts what was refused without a place in the order before the run went on.
  mutating func adopt(_ counters: [StoreCounter]) { statistics.adopt(counters) }

  mutating func take(rejections: Span<Rejection>, offset: Int) {
    for index in rejections.indices {
      let row = offset + rejections[index].index
      let input = batch.ticks[row]
      statistics.countRejected(input.tick, rejections[index].reason)
      if rejections[index].reason == .late, correctable != nil { statistics.remember(late: input) }
      if writer == nil { continue }
      if keepsInputs, input.sequence == 0 { reading.count(input.tick, rejections[index].reason) }
      if keepsInputs, input.sequence > 0 {
        parcel.rejected.append(
          Reject(sequence: input.sequence, reason: rejections[index].reason))
      }
      let (origin, text, symbol) = (batch.origins[row], batch.text, symbolName(row))
      RejectTable.format(
        input, symbol: symbol, rejections[index].reason, source: sources[input.tick.source.index],
        line: origin.line,
        text: text.span.extracting(origin.offset..<origin.offset + origin.length),
        into: &parcel.rejects)
    }
  }

  mutating func take(bars: Span<CleanBar>) throws {
    statistics.count(bars)
    latestBars?.add(bars)
    if correctable == nil { try keep(bars) } else { correctable?.add(bars) }
  }

  /// Takes bars that stay what they are.
  private mutating func keep(_ bars: Span<CleanBar>) throws {
    charts?.add(bars)
    if writer == nil { return }
    for index in bars.indices { parcel.bars.append(bars[index]) }
    if parcel.isHeavy { try send() }
  }

  mutating func take(features: Span<FeatureRow>) throws {
    statistics.count(features)
    if correctable == nil { try keep(features) } else { correctable?.add(features) }
  }

  /// Takes feature rows that stay what they are.
  private mutating func keep(_ features: Span<FeatureRow>) throws {
    charts?.add(features)
    if writer == nil { return }
    for index in features.indices { parcel.features.append(features[index]) }
    if parcel.isHeavy { try send() }
  }

  mutating func take(correction: borrowing Correction) {
    correctable?.take(correction, &statistics)
    latestBars?.revise(correction.bars)
  }

  mutating func take(version: borrowing HeldVersion) throws {
    charts?.add(version)
    if writer == nil { return }
    let isKept = matrixEvery > 0 && version.number % matrixEvery == 0
    parcel.versions.append(
      RunParcel.Version(
        number: version.number, start: version.start, hash: version.hash,
        matrix: isKept ? version.snapshot() : nil))
    if isKept || parcel.isHeavy { try send() }
  }

  mutating func take(clock: Timestamp) throws {
    if let final = correctable?.release(at: clock) {
      try keep(final.bars.span)
      try keep(final.rows.span)
    }
    parcel.clock = correctable?.reach(of: clock) ?? clock
  }

  private mutating func send() throws { try writer?.send(&parcel) }

  /// The name of a row's symbol, empty where it is not known.
  private func symbolName(_ row: Int) -> String {
    let symbol = batch.ticks[row].tick.symbol
    if symbol != .unknown { return symbols[symbol.index] }
    return batch.unregistered.first { $0.row == row }?.name ?? ""
  }

  /// Has everything written and committed, and enters into `summary` how long that took.
  mutating func commit(_ summary: inout RunSummary, _ publisher: borrowing VersionPublisher) throws
  {
    if writer == nil { return }
    let symbols = publisher.latest.symbolCount
    var covariances = [Double](repeating: .nan, count: symbols * (symbols + 1) / 2)
    var room = covariances.mutableSpan
    publisher.copyCovariances(into: &room)
    parcel.conclusion = RunParcel.Conclusion(summary: summary, covariances: covariances)
    try send()
    summary.finishStage("write", try writer?.finish() ?? 0)
  }
}
