internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization
internal import LoomPublishing

/// The memory that an ``Engine`` with one shard needs at most, by its parts, in bytes.
///
/// Computed from the settings and the number of symbols before anything is allocated. What grows
/// does so in steps, with the old beside the new while it is copied: this is counted as if the last
/// symbol had come alone, and as if one symbol were as far ahead of the others as it may. What the
/// consumer keeps, and the stacks and rings of threads, are apart. Symbols that never trade need a
/// fraction: pages that nobody writes to are not there.
public struct EngineMemory: Hashable, Sendable {
  /// Rings of the symbols, all of whose places have been used.
  public let rings: Int
  /// What the guard remembers of each symbol, repeats and slots that wait with it.
  public let guards: Int
  /// Open bars, the windows of returns, and what waits for rows.
  public let bars: Int
  /// Windows of the features.
  public let features: Int
  /// The estimator of the correlations, and the one it was copied from when it grew.
  public let correlation: Int
  /// Versions that readers hold, the latest, and the one being written.
  public let versions: Int
  /// Tables of bars and feature rows, as many, and the bars that wait for a cut.
  public let tables: Int
  /// What is kept so that late ticks can correct their bars; 0 where they do not.
  public let corrections: Int
  /// Inputs on their way into the journal, what waits to be kept, and SQLite's pages; 0 without one.
  ///
  /// A snapshot takes the size of what it holds for a moment.
  public let journal: Int
  /// Batches between the stages, counts and times: little depends on the symbols.
  public let stages: Int

  /// All of it.
  public var total: Int {
    rings + guards + bars + features + correlation + versions + tables + corrections + journal
      + stages
  }

  /// - Parameters:
  ///   - configuration: The settings.
  ///   - symbols: How many symbols; 0 … 16,384.
  ///   - begun: How many of them the engine began with; the others were added.
  ///   - featureBytes: Bytes of one symbol's features.
  ///   - featureCount: Values in a feature row.
  init(
    _ configuration: EngineConfiguration, symbols: Int, begun: Int, featureBytes: Int,
    featureCount: Int
  ) {
    let most = InboxDoor.symbolsMaximum
    precondition((0...most).contains(symbols), "\(symbols) symbols, not 0 … \(most)")
    let waiting = WaitingSlots(configuration)
    rings = symbols * (384 + configuration.ringCapacity * MemoryLayout<Tick>.stride)
    guards =
      symbols * (Guard.symbolBytesMaximum + Guard.heldBytes(waiting.ofOne)) + waiting.guardBytes
    bars =
      3 * symbols * (BarBuilder.symbolBytes * waiting.openBars + BarCleaner.symbolBytes)
      + symbols * RowAligner.waitingBytes(waiting.ofOne) + waiting.alignerBytes
    features = symbols * featureBytes
    let estimator = VersionPublisher.estimatorBytes(
      configuration.pipeline.correlation, symbols: symbols)
    correlation = estimator.estimator + estimator.old
    tables =
      configuration.depth == 0
      ? 0
      : BarPublisher.byteCount(
        // A table grows by doubling.
        symbols: symbols > begun ? 2 * (symbols - 1) : symbols, featureCount: featureCount,
        depth: configuration.depth, holders: configuration.holders,
        waiting: waiting.bars(symbols: symbols))
    corrections = Self.corrections(
      configuration, symbols: symbols, featureBytes: featureBytes, featureCount: featureCount,
      estimator: estimator.estimator)
    journal = configuration.journal.map(Self.journal) ?? 0
    versions = (configuration.holders + 2) * VersionBoard.bytes(symbols: symbols)
    stages =
      640 << 10
      + symbols * (512 + 3 * (MemoryLayout<FeatureRow>.stride + 2 * MemoryLayout<CleanBar>.stride))
  }

  /// Bars and rows of the horizon, again where there are tables, the rows of two windows, and
  /// everything that follows one horizon later: cleaners, features, and an estimator; of a window it
  /// is made again beside the other.
  private static func corrections(
    _ configuration: EngineConfiguration, symbols: Int, featureBytes: Int, featureCount: Int,
    estimator: Int
  ) -> Int {
    let pipeline = configuration.pipeline
    guard let horizon = pipeline.normalization.corrections.horizon else { return 0 }
    let span = pipeline.normalization.timeframe.span.count
    let slots = Int(horizon.count / span) + 1 + WaitingSlots(configuration).ofOne
    var rows = slots
    if case .rolling(let window) = pipeline.correlation.estimator { rows += 2 * window }
    // Circles that double; the returns of a row, and who has them.
    let kept = WaitingSlots.places(for: slots) * (2 * 256 + 24) + 16 * rows
    let depth = configuration.depth
    let tables =
      depth == 0
      ? 0
      : BarPublisher.correctableByteCount(
        slots: WaitingSlots.places(for: slots), featureCount: featureCount, depth: depth)
    return symbols * (kept + tables + BarCleaner.symbolBytes + featureBytes) + estimator
  }

  private static func journal(_ settings: EngineJournalConfiguration) -> Int {
    let options = settings.options
    let places = settings.dispatch == .strict ? 2 * options.capacity : options.capacity
    // What waits for a commit, in an array that doubles; and a group of blocks.
    let waiting = 3 * (options.groupCount + 4096) + 3 * 65_536
    return (places + waiting) * MemoryLayout<SequencedTick>.stride + 16 << 20
  }

  /// Refuses where the limit would be passed.
  func check(_ configuration: EngineConfiguration, symbols: Int) throws(ConfigurationError) {
    if total <= configuration.memoryLimitBytes { return }
    func megabytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
    throw ConfigurationError(
      field: "symbols", value: "\(symbols), which need up to \(megabytes(total))",
      allowed: "\(megabytes(configuration.memoryLimitBytes)) by memoryLimitBytes")
  }
}

/// How many slots may wait for the market clock.
private struct WaitingSlots {
  /// Of each symbol.
  let ofOne: Int
  /// Of the one symbol that is ahead of all others.
  let ofFirst: Int
  /// Bars of a symbol that are open at one time, in steps of growth.
  let openBars: Int

  init(_ configuration: EngineConfiguration) {
    let normalization = configuration.pipeline.normalization
    let span = normalization.timeframe.span.count
    // The clock is so far behind the second of the symbols, and no more but it is ahead of that.
    ofOne = Int(max(normalization.idle, normalization.lateness).count / span) + 3
    // What a batch adds goes on before anything is taken out.
    ofFirst = configuration.heldSlots + Pipeline<StandardFeatures>.batchCount
    let late = Int(normalization.lateness.count / span)
    openBars = late == 0 ? 1 : 2 * (late + 2)
  }

  /// Places of a circle that doubles.
  static func places(for count: Int) -> Int {
    var places = 4
    while places < count { places *= 2 }
    return places
  }

  /// The second circle is the one that the first was copied from.
  var guardBytes: Int { Self.places(for: ofFirst) * 3 / 2 * MemoryLayout<Timestamp>.stride }
  /// As ``guardBytes``; a bar that waits takes two times and a return.
  var alignerBytes: Int { 3 * guardBytes }

  /// Of all symbols, in an array that doubles beside the one it was copied from.
  func bars(symbols: Int) -> Int {
    Self.places(for: ofFirst + symbols * ofOne) * 5 / 4
  }
}
