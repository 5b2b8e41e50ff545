internal import LoomCore
internal import LoomFeatures
internal import LoomImport
internal import LoomJournal
internal import LoomPublishing
public import LoomSystem

/// `tickloom run`: reads ticks or bars, sends them through the pipeline, and exports what comes out.
///
/// Reading has a thread of its own; the stages run on the caller's. What is exported does not depend
/// on that.
public struct Run: Sendable {
  /// How far a run is.
  public struct Progress: Sendable {
    /// Bytes of the input files taken so far.
    public var bytesRead: Int64
    /// Bytes of the input files; nil where that is not known, as for standard input.
    public var bytesTotal: Int64?
    /// Inputs taken so far.
    public var ticks: Int
  }

  private let configuration: RunConfiguration

  /// Creates a run; nothing is opened yet.
  public init(_ configuration: RunConfiguration) { self.configuration = configuration }

  /// Does it all.
  ///
  /// - Parameters:
  ///   - cancellation: Looked at between batches.
  ///   - progress: Called on the calling thread after each batch of some thousand inputs.
  /// - Returns: What was done.
  /// - Throws: ``RunError``; then no file stands under its final name.
  public func perform(
    cancellation: Cancellation = Cancellation(), progress: (Progress) -> Void = { _ in }
  ) throws(RunError) -> RunSummary {
    try withoutActuallyEscaping(progress) { (progress) throws(RunError) in
      var observer = ProgressObserver(progress: progress)
      return try perform(cancellation, live: nil, &observer)
    }
  }

  private struct ProgressObserver: RunObserver {
    let progress: (Progress) -> Void

    func observe<Members: Feature>(
      _ pipeline: borrowing Pipeline<Members>, _ outputs: borrowing RunOutputs,
      _ progress: Progress
    ) {
      self.progress(progress)
    }
  }

  /// Does it all, `live` saying how lines are read as they come.
  func perform<Observer: RunObserver>(
    _ cancellation: Cancellation, live: LiveReading?, _ observer: inout Observer
  ) throws(RunError) -> RunSummary {
    do {
      if configuration.normalizesFeatures {
        return try perform(cancellation, live, &observer) { FeatureSet.standard().normalized() }
      }
      return try perform(cancellation, live, &observer) { FeatureSet.standard() }
    } catch {
      throw RunError(error)
    }
  }

  private func perform<Members: Feature, Observer: RunObserver>(
    _ cancellation: Cancellation, _ live: LiveReading?, _ observer: inout Observer,
    _ features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws -> RunSummary {
    let start = MonotonicClock.nanoseconds
    let diagnostics = try RunDiagnostics(configuration.diagnostics)
    let resumption = try RunResumption(configuration, isLive: live != nil)
    let origin = try configuration.replayStart()
    var feed = try RunFeed.start(
      configuration.replaying(from: origin), cancellation, live: live, resumption)
    let sources = feed.sources
    let timeframe = try checkedTimeframe(of: RunSources(sources))
    let settings = try configuration.pipeline(timeframe)
    var pipeline = try Pipeline(configuration: settings, features: features)
    var outputs = try makeOutputs(
      sources, settings, pipeline.featureNames, cancellation, isLive: live != nil,
      resumption, origin)
    if let snapshot = resumption?.point.snapshot ?? origin?.stored.snapshot {
      try RunSnapshot.restore(snapshot, &pipeline, &outputs)
    }
    try pipeline.spread(overShards: configuration.shards)
    let every = Pipeline<Members>.isRestorable ? UInt64(configuration.snapshotEvery) : 0
    diagnostics.opened(sources.count, settings, shards: configuration.shards)
    let opened = MonotonicClock.nanoseconds
    var owed = resumption?.takesAllAgain == false ? resumption?.point.counters ?? [] : []
    while let delivery = feed.next() {
      if !owed.isEmpty, !delivery.isKept { Self.adopt(&owed, &outputs, &pipeline) }
      if cancellation.isRequested { throw RunError.cancelled }
      outputs.begin(delivery)
      try Self.process(delivery, by: &pipeline, into: &outputs, isLive: live != nil)
      try outputs.end()
      if outputs.isSnapshotDue(every: every) {
        try pipeline.settle(into: &outputs)
        try outputs.keep(RunSnapshot.take(&pipeline, &outputs))
      }
      observer.observe(pipeline, outputs, delivery.progress)
      feed.recycle(delivery)
    }
    let reading = try feed.finish()
    Self.adopt(&owed, &outputs, &pipeline)
    try pipeline.finish(into: &outputs)
    if cancellation.isRequested { throw RunError.cancelled }
    // What a store holds was accepted as it is when it was written.
    let doubts =
      configuration.replayedStore != nil
      ? []
      : outputs.statistics.mostlyRejected(
        sources, lateAdvice: configuration.lateAdvice(isLive: live != nil))
    // Files can be run again, a stream cannot.
    if live == nil, let doubt = doubts.first {
      try outputs.discard()
      throw RunError.mostlyRejected(doubt)
    }

    var summary = makeSummary(sources, settings)
    summary.warnings = doubts
    if let resumption { resumption.tell(&summary) }
    origin?.tell(&summary)
    summary.finishStage("read", reading)
    // A stream is mostly waited for; files are read while others of their rows are computed with.
    let waited = live == nil ? 0 : feed.waitedNanoseconds
    summary.finishStage("compute", MonotonicClock.nanoseconds - opened - waited)
    summary.take(outputs, gate: pipeline.gate)
    summary.take(pipeline.publisher, names: outputs.symbols, charts: outputs.charts)
    summary.seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    try outputs.commit(&summary, pipeline.publisher)
    summary.seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    diagnostics.finished(summary)
    return summary
  }

  private static func process<Members: Feature>(
    _ delivery: RunFeed.Delivery, by pipeline: inout Pipeline<Members>,
    into outputs: inout RunOutputs, isLive: Bool
  ) throws {
    let batch = delivery.batch
    try pipeline.process(batch.ticks.span, into: &outputs)
    // As far behind as the clock that the symbols move themselves.
    let idle = pipeline.configuration.normalization.idle
    if let moment = delivery.clockEvent ?? batch.clock.map({ $0 - idle }),
      moment > pipeline.gate.marketClock
    {
      outputs.move(clock: moment, isKept: delivery.isKept)
      try pipeline.advance(to: moment, into: &outputs)
    }
    // The stream has no more for now, so nothing else would make other threads' work come out.
    if isLive, batch.ticks.count < Self.fullLiveBatch { try pipeline.settle(into: &outputs) }
  }

  /// Rows of a stream's batch that there may be more behind.
  private static let fullLiveBatch = 512

  /// Counts what was refused without a place in the order before the run went on, once.
  private static func adopt<Members: Feature>(
    _ owed: inout [StoreCounter], _ outputs: inout RunOutputs, _ pipeline: inout Pipeline<Members>
  ) {
    outputs.adopt(owed)
    pipeline.adopt(owed.map { ($0.symbol, $0.reason, $0.count) })
    owed = []
  }

  /// A summary of what is known before anything is counted.
  private func makeSummary(
    _ sources: [Source], _ settings: PipelineConfiguration
  ) -> RunSummary {
    let timeframe = settings.normalization.timeframe
    var summary = RunSummary(timeframe: timeframe, estimator: settings.estimatorDescription)
    summary.settings = configuration.settings(settings)
    summary.skipped = sources.compactMap { source in
      source.skippedReason.map { (source.name, $0) }
    }
    summary.notes = sources.flatMap { source in source.notes.map { (source.name, $0) } }
    if configuration.timeframe == nil, let doubt = RunSources.doubt(about: timeframe) {
      summary.notes.append(("timeframe", doubt))
    }
    return summary
  }

  private func checkedTimeframe(of sources: RunSources) throws(RunError) -> Timeframe {
    let timeframe =
      if let given = configuration.timeframe { given } else { try sources.ownTimeframe }
    try sources.refuseCoarser(than: timeframe)
    if let folder = configuration.exportFolder {
      try sources.refuseReplacing(RunFiles.names, in: folder)
    }
    if let path = configuration.storePath, let name = configuration.exportedFile(at: path) {
      throw .configuration(
        "the \(name) of the export would replace the store \(path); name another file")
    }
    return timeframe
  }

  private func makeOutputs(
    _ sources: [Source], _ settings: PipelineConfiguration, _ featureNames: [String],
    _ cancellation: Cancellation, isLive: Bool, _ resumption: RunResumption?,
    _ origin: ReplayStart?
  ) throws -> RunOutputs {
    let timeframe = settings.normalization.timeframe
    let missingRows = configuration.shownGap(timeframe)
    let files = configuration.exportFolder.map { folder in
      RunFiles.Plan(
        path: folder, timeframe: timeframe, missingRows: missingRows, featureNames: featureNames,
        hasHistory: configuration.historyEvery != nil,
        temporaryFolder: configuration.temporaryFolder)
    }
    let store = configuration.storePath.map { path in
      RunStore.Plan(
        path: path,
        configuration: StoreConfiguration(
          text: settings.text, timeframe: timeframe, featureNames: featureNames,
          manifest: StoreManifest(
            program: configuration.program,
            inputs: sources.map(\.path).joined(separator: "\n")),
          retention: configuration.retention),
        resumption: resumption?.point, batchRows: configuration.storeBatchRows)
    }
    let known =
      resumption.map { $0.takesAllAgain ? [] : $0.point.symbols } ?? origin?.symbols ?? []
    return try RunOutputs(
      statistics: RunStatistics(sourceCount: sources.count, missingRows: missingRows),
      charts: configuration.collectsCharts ? RunCharts(featureNames: featureNames) : nil,
      latestBars: isLive ? LatestBars() : nil,
      corrections: settings.normalization.corrections,
      plan: RunWriter.Plan(
        files: files, store: store, sources: sources.map(\.name), symbols: known,
        cancellation: cancellation),
      matrixEvery: configuration.historyEvery, resumption: resumption)
  }
}
