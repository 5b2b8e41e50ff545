internal import LoomCore
internal import LoomFeatures
internal import LoomImport
public import LoomSystem

/// `tickloom replay` at a speed that a person can follow; ``Run`` takes a store as fast as it can.
///
/// What comes out is the same.
public struct Replay: Sendable {
  private let configuration: RunConfiguration

  /// Creates a replay of the store of `configuration`, at its speed; nothing is opened yet.
  public init(_ configuration: RunConfiguration) { self.configuration = configuration }

  /// Goes on to the end of the inputs.
  ///
  /// - Parameters:
  ///   - cancellation: Stops; nothing is exported.
  ///   - show: Called on the calling thread some times a second with how things are.
  /// - Returns: What was done.
  /// - Throws: ``RunError``; then no file stands under its final name.
  public func perform(
    cancellation: Cancellation, show: (LiveState) -> Void
  ) throws(RunError) -> RunSummary {
    try withoutActuallyEscaping(show) { (show) throws(RunError) in
      var observer = LiveObserver(clock: nil, show: show)
      return try Run(configuration).perform(cancellation, live: reading(cancellation), &observer)
    }
  }

  /// The same step by step.
  ///
  /// - Parameters:
  ///   - cancellation: Stops; nothing is exported.
  ///   - step: Called on the calling thread whenever bars have closed or a version came out; the run
  ///     goes on when it returns.
  /// - Returns: What was done.
  /// - Throws: ``RunError``; then no file stands under its final name.
  public func perform(
    cancellation: Cancellation, step: (ReplayStep) -> Void
  ) throws(RunError) -> RunSummary {
    try withoutActuallyEscaping(step) { (step) throws(RunError) in
      var observer = StepObserver(step: step)
      return try Run(configuration).perform(cancellation, live: reading(cancellation), &observer)
    }
  }

  private func reading(_ cancellation: Cancellation) -> LiveReading {
    LiveReading(end: Cancellation(), cancellation: cancellation)
  }
}

/// What one input of a replay has brought about.
public struct ReplayStep: Sendable {
  /// The input, or the last one before the market clock was moved.
  public let sequence: UInt64
  /// How far the market is known to be; ``LoomCore/Timestamp/distantPast`` while nothing is known.
  public let marketClock: Timestamp
  /// The bars that closed or were corrected, with the names of their symbols; of several of a symbol
  /// the last.
  public let bars: [(symbol: String, bar: CleanBar)]
  /// The versions that came out; nil without any.
  public let versions: ClosedRange<UInt64>?
  /// The start of the newest row of the last of them.
  public let versionStart: Timestamp
  /// The length of a bar.
  public let timeframe: Timeframe
}

/// Finds the steps of a replay that takes its inputs one by one.
private struct StepObserver: RunObserver {
  let step: (ReplayStep) -> Void
  private var seen: [Seen?] = []
  private var version: UInt64 = 0

  private struct Seen: Equatable {
    var start: Timestamp
    var revision: UInt16
  }

  init(step: @escaping (ReplayStep) -> Void) { self.step = step }

  mutating func observe<Members: Feature>(
    _ pipeline: borrowing Pipeline<Members>, _ outputs: borrowing RunOutputs,
    _ progress: Run.Progress
  ) {
    var bars: [(symbol: String, bar: CleanBar)] = []
    for (place, name) in outputs.symbols.enumerated() {
      while seen.count <= place { seen.append(nil) }
      guard let bar = outputs.latestBars?.bar(of: SymbolID(rawValue: UInt32(place))) else {
        continue
      }
      let now = Seen(start: bar.bar.start, revision: bar.bar.revision)
      if seen[place] != now { bars.append((name, bar)) }
      seen[place] = now
    }
    let latest = pipeline.publisher.latest.number
    let versions = latest > version ? version + 1...latest : nil
    version = latest
    if bars.isEmpty && versions == nil { return }
    step(
      ReplayStep(
        sequence: pipeline.gate.lastSequence, marketClock: pipeline.gate.marketClock, bars: bars,
        versions: versions, versionStart: pipeline.publisher.latest.start,
        timeframe: pipeline.configuration.normalization.timeframe))
  }
}
