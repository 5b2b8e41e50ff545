internal import LoomCore
internal import LoomFeatures
internal import LoomImport
internal import LoomJournal
internal import LoomSystem

/// The inputs of a store, taken once more through the pipeline of its run into any consumer.
struct StoreReplay {
  /// How it ended.
  enum Ending {
    /// Every input was taken and every bar closed.
    case whole
    /// The consumer had all it wanted.
    case stopped
    /// The inputs from `sequences` on are missing or damaged; nothing was closed.
    case cut(StoreCut)
  }

  let path: String
  let outline: StoreOutline
  /// Whether the end of the inputs closes the bars that are open.
  var closesAtEnd = true
  private var configuration: RunConfiguration
  /// The snapshot behind which the inputs are taken; nil from the first on.
  var start: StoredSnapshot? {
    get { configuration.replayedFrom }
    set {
      configuration.replayedFrom = newValue
      configuration.replayedThrough = firstCut.map { $0.sequences.lowerBound - 1 }
    }
  }

  /// Reads the settings of the run.
  init(path: String) throws(RunError) {
    do {
      outline = try StoreOutline(path: path)
      configuration = try RunConfiguration(replaying: path)
    } catch {
      throw RunError(error)
    }
    self.path = path
    configuration.replayedThrough = firstCut.map { $0.sequences.lowerBound - 1 }
  }

  /// What the store is known to lack first, behind the start.
  var firstCut: StoreCut? {
    StoreCut.first(in: outline, after: start?.snapshot.sequence ?? 0)
  }

  /// Begins at the last snapshot before a version, where there is one; what comes out is the same.
  mutating func beginBefore(version number: UInt64) throws(RunError) {
    do throws(JournalError) {
      start = try StoredSnapshot.newest(before: number, in: path, where: RunSnapshot.isReplayable)
    } catch { throw .store(error) }
  }

  /// Begins at the first snapshot there is, where inputs before it are deleted.
  mutating func beginBehindDeleted() throws(RunError) {
    if outline.retained.inputs == 0 { return }
    do throws(JournalError) {
      start = try StoredSnapshot.oldest(in: path, where: RunSnapshot.isReplayable)
    } catch { throw .store(error) }
  }

  /// The settings of the pipeline.
  func settings() throws(RunError) -> PipelineConfiguration {
    guard let timeframe = configuration.timeframe else {
      throw .configuration("\(path) does not say with which settings it was written")
    }
    return try configuration.pipeline(timeframe)
  }

  /// Throws unless the features of the run are those that are made here.
  func requireFeatures() throws(RunError) {
    let standard = FeatureSet.standard()
    let names = configuration.normalizesFeatures ? standard.normalized().names : standard.names
    if names == outline.featureNames { return }
    throw .configuration(
      "\(path) holds other features than this Tickloom makes; verify it with the one that wrote it")
  }

  /// Takes the inputs until they end or the consumer has all it wants.
  ///
  /// - Parameters:
  ///   - consumer: Throws ``ReplayStop`` once it has.
  ///   - cancellation: Looked at between batches.
  ///   - progress: Called with the consumer after each batch of some thousand inputs.
  /// - Returns: How it ended.
  /// - Throws: ``RunError``, also of what else the consumer throws.
  func perform<Consumer: ReplayConsumer & ~Copyable>(
    into consumer: inout Consumer, _ cancellation: Cancellation,
    _ progress: (borrowing Consumer, Run.Progress) -> Void
  ) throws(RunError) -> Ending {
    do {
      if configuration.normalizesFeatures {
        return try perform(into: &consumer, cancellation, progress) {
          FeatureSet.standard().normalized()
        }
      }
      return try perform(into: &consumer, cancellation, progress) { FeatureSet.standard() }
    } catch {
      throw RunError(error)
    }
  }

  private func perform<Consumer: ReplayConsumer & ~Copyable, Members: Feature>(
    into consumer: inout Consumer, _ cancellation: Cancellation,
    _ progress: (borrowing Consumer, Run.Progress) -> Void,
    _ features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws -> Ending {
    var pipeline = try Pipeline(configuration: settings(), features: features)
    var configuration = configuration
    if let start {
      do throws(SnapshotError) {
        let rest = try RunSnapshot.restore(start.snapshot, &pipeline)
        if var reader = rest { try consumer.restore(&reader) }
      } catch {
        // An engine may have more in it than a run; where all inputs are there it is not needed.
        if outline.retained.inputs > 0 { throw error }
        pipeline = try Pipeline(configuration: settings(), features: features)
        configuration.replayedFrom = nil
      }
    }
    var feed = try RunFeed.start(configuration, cancellation)
    defer { consumer.conclude(pipeline.publisher) }
    do {
      while let delivery = feed.next() {
        if cancellation.isRequested { throw RunError.cancelled }
        try consumer.begin(delivery)
        try pipeline.process(delivery.batch.ticks.span, into: &consumer)
        if let moment = delivery.clockEvent, moment > pipeline.gate.marketClock {
          try pipeline.advance(to: moment, into: &consumer)
        }
        progress(consumer, delivery.progress)
        feed.recycle(delivery)
      }
      if let cut = try cut(&feed) { return .cut(cut) }
      if closesAtEnd { try pipeline.finish(into: &consumer) }
    } catch is ReplayStop {
      return .stopped
    }
    return .whole
  }

  /// Takes the inputs until the consumer has all it wants of the stored version `number`.
  ///
  /// - Throws: ``RunError`` where the inputs are lost or damaged before that.
  func reach<Consumer: ReplayConsumer & ~Copyable>(
    version number: UInt64, into consumer: inout Consumer, _ cancellation: Cancellation,
    _ progress: (borrowing Consumer, Run.Progress) -> Void
  ) throws(RunError) {
    switch try perform(into: &consumer, cancellation, progress) {
    case .stopped: return
    case .cut(let cut):
      let (first, last) = (cut.sequences.lowerBound, cut.sequences.upperBound)
      throw .configuration(
        "version \(number) of \(path) cannot be made again: inputs \(first) to \(last): "
          + cut.reason + (try advice(cut)))
    case .whole:
      throw .configuration(
        "the inputs of \(path) do not give its version \(number); see tickloom verify --rebuild")
    }
  }

  /// From which version on `at` has an answer, where inputs before it were deleted.
  private func advice(_ cut: StoreCut) throws(RunError) -> String {
    if cut.sequences.upperBound > outline.retained.inputs { return "" }
    do throws(JournalError) {
      let oldest = try StoredSnapshot.oldest(in: path, where: RunSnapshot.isReplayable)
      guard let oldest else { return "" }
      return "; tickloom at makes those from \(oldest.versions + 1) on"
    } catch { throw .store(error) }
  }

  /// The symbols of these names.
  ///
  /// - Throws: ``RunError`` where one is not in the store, with those that are.
  func symbols(named names: [String]) throws(RunError) -> [SymbolID] {
    var symbols: [SymbolID] = []
    for name in names {
      guard let place = outline.symbols.firstIndex(of: name) else {
        throw .unknownSymbol(name, among: outline.symbols, path: path)
      }
      symbols.append(SymbolID(rawValue: UInt32(place)))
    }
    return symbols
  }

  /// What the store says of a version.
  ///
  /// - Throws: ``RunError`` where it has none of that number, with those it has.
  func stored(version number: UInt64) throws(RunError) -> StoredVersion {
    do {
      if let version = try StoreOutline.version(number, path: path) { return version }
    } catch {
      throw RunError(error)
    }
    guard let versions = outline.versions else {
      throw .configuration("\(path) has no versions: no return was joined into a row")
    }
    throw .configuration(
      "there is no version \(number) in \(path); it has \(versions.lowerBound) to "
        + "\(versions.upperBound)")
  }

  /// Ends the reading; what has cut it short, if anything has.
  private func cut(_ feed: inout RunFeed) throws -> StoreCut? {
    do {
      _ = try feed.finish()
    } catch JournalError.damaged(_, let sequences, let reason) {
      return StoreCut(sequences: sequences, reason: reason)
    }
    return firstCut
  }
}
