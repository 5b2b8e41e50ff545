internal import LoomCore
internal import LoomFeatures
internal import LoomPublishing
internal import LoomSystem

/// Gathers what a person sees of a live run, five times a second.
struct LiveObserver: RunObserver {
  private static let intervalNanoseconds: Int64 = 200_000_000
  private static let pairsShown = 16
  /// A look for the strongest of more symbols costs milliseconds, and is taken less often.
  private static let manySymbols = 1000

  private let show: (LiveState) -> Void
  private let clock: (@Sendable () -> Timestamp)?
  /// When a state was shown last, and when one with more inputs than the one before it.
  private var shownNanoseconds: Int64 = .min / 2
  private var newsNanoseconds: Int64 = .min / 2
  private var shownCount = 0
  /// How many inputs there were when, over about the last second.
  private var counts: [(nanoseconds: Int64, received: Int)] = []
  private var pairs: [LiveState.Pair] = []
  private var pairsVersion: UInt64 = 0
  private var pairsNanoseconds: Int64 = .min / 2

  init(clock: (@Sendable () -> Timestamp)?, show: @escaping (LiveState) -> Void) {
    self.clock = clock
    self.show = show
  }

  mutating func observe<Members: Feature>(
    _ pipeline: borrowing Pipeline<Members>, _ outputs: borrowing RunOutputs,
    _ progress: Run.Progress
  ) {
    let now = MonotonicClock.nanoseconds
    guard isDue(progress.ticks, now) else { return }
    var state = LiveState(timeframe: pipeline.configuration.normalization.timeframe)
    state.estimator = pipeline.configuration.estimatorDescription
    state.minimumRows = pipeline.configuration.correlation.minimumPeriods
    state.received = progress.ticks
    state.receivedPerSecond = rate(progress.ticks, now)
    let gate = pipeline.gate.counters
    for (place, name) in outputs.symbols.enumerated() {
      let symbol = SymbolID(rawValue: UInt32(place))
      let counts = place < gate.count ? gate[place] : .init()
      state.symbols.append(
        LiveState.Symbol(
          name: name, accepted: counts.accepted, rejected: counts.rejectedTotal,
          price: pipeline.gate.lastPrice(of: symbol), latest: pipeline.gate.latestTime(of: symbol),
          bar: outputs.latestBars?.bar(of: symbol)))
      state.bars += outputs.statistics.symbols[place].bars
    }
    state.rejected =
      state.symbols.reduce(pipeline.gate.unattributed.rejectedTotal) { $0 + $1.rejected }
    state.marketClock = pipeline.gate.marketClock
    state.now = clock?() ?? state.symbols.lazy.map(\.latest).max() ?? .distantPast
    state.versions = Int(pipeline.publisher.latest.number)
    lookForPairs(pipeline.publisher, now)
    state.pairs = pairs
    show(state)
  }

  /// Whether to show this state: what comes after a pause is shown at once.
  private mutating func isDue(_ received: Int, _ now: Int64) -> Bool {
    let isNews = received > shownCount
    let last = isNews ? newsNanoseconds : shownNanoseconds
    if now - last < Self.intervalNanoseconds { return false }
    shownNanoseconds = now
    if isNews { newsNanoseconds = now }
    shownCount = received
    return true
  }

  private mutating func rate(_ received: Int, _ now: Int64) -> Double {
    counts.append((now, received))
    while counts.count > 2, now - counts[1].nanoseconds > 1_000_000_000 { counts.removeFirst() }
    let span = Double(now - counts[0].nanoseconds) / 1e9
    return span > 0 ? Double(received - counts[0].received) / span : 0
  }

  private mutating func lookForPairs(_ publisher: borrowing VersionPublisher, _ now: Int64) {
    let version = publisher.latest.number
    let isDue =
      publisher.latest.header.columnCount <= Self.manySymbols
      || now - pairsNanoseconds > 2_000_000_000
    guard version != pairsVersion, isDue else { return }
    (pairsVersion, pairsNanoseconds) = (version, now)
    pairs = ExtremePairs(of: publisher.latest, most: Self.pairsShown).strongest.map { entry in
      LiveState.Pair(
        first: entry.first, second: entry.second, correlation: entry.correlation,
        jointCount: publisher.pair(entry.first, entry.second).jointRows)
    }
  }
}
