import Dispatch
import Foundation
import Tickloom

/// Two feeds on threads of their own, an engine on its own, and a reader that follows the versions.
///
/// Put your feed handlers in the place of ``runFeed(_:carrying:policy:into:)`` and your consumer in
/// that of ``Tape``; the rest can stay. Both feeds carry a simulated market here, each its half of
/// the symbols, a hundred times as fast as it would go: bars of 10 ms hold about ten ticks.
@main
struct TwoFeeds {
  typealias LiveEngine = Engine<StandardFeatures, Tape>

  static func main() throws {
    BLAS.useOneThread()  // once per process: no number may depend on how many threads there are
    let engine = try makeEngine()
    print("\(names.count) symbols need at most \(engine.memory().total / 1000) kB")

    // From here on the engine has threads: one takes ticks in, calls the consumer and publishes; two
    // make bars and features, of half the symbols each. With one shard the bytes are the same.
    try engine.start(shards: 2, waitStrategy: .park)
    let feeds = DispatchGroup()
    let half = names.count / 2
    DispatchQueue(label: "north").async(group: feeds) {
      // None of its ticks may be missing: it waits while the ring of a symbol is full.
      runFeed("north", carrying: 0..<half, policy: .wait(.park), into: engine)
    }
    DispatchQueue(label: "south").async(group: feeds) {
      // It may never wait: what finds no room is given up, and counted as overflow.
      runFeed("south", carrying: half..<names.count, policy: .dropNewest, into: engine)
    }

    follow(engine.versions, until: feeds)
    try engine.stop()  // takes what is left, closes every bar, ends the engine's threads
    report(engine)
    if let reason = engine.haltReason {
      print("halted: \(reason)")
      exit(1)
    }
  }

  static func makeEngine() throws -> LiveEngine {
    guard let timeframe = Timeframe("10ms") else { preconditionFailure("10ms is a timeframe") }
    let pipeline = try PipelineConfiguration(
      timeframe: timeframe,
      // Bars wait so long for ticks that are behind; two threads are never equally far.
      lateness: Nanoseconds(20_000_000),
      // So long a silent symbol holds the others' rows back.
      idle: Nanoseconds(40_000_000),
      estimator: .rolling(window: 64))
    return try Engine(
      configuration: EngineConfiguration(pipeline: pipeline), symbols: names,
      features: { .standard() }, consumer: Tape())
  }

  // MARK: The feeds

  /// What the thread of a feed handler does: opens its end of the engine, and pushes what arrives.
  ///
  /// Nobody else can push for its symbols: an end is no value to copy, and a symbol has only one.
  static func runFeed(
    _ name: String, carrying places: Range<Int>, policy: FeedPolicy, into engine: LiveEngine
  ) {
    do {
      let symbols = places.compactMap { engine.symbol(names[$0]) }
      guard var feed = try engine.feedGroup(symbols, source: name, policy: policy) else {
        return engine.halt(reason: "\(name): one of its symbols has a feed already")
      }
      var arrivals = Arrivals()
      while let tick = arrivals.next() {
        if !feed.contains(tick.symbol) { continue }
        // One at a time here. A handler that has many of a symbol pushes them as a Span, at a
        // fraction of the cost.
        let receipt = feed.push(tick.symbol, tick)
        if receipt.status != .open { return }  // stopped, or halted by somebody
      }
    } catch {
      // Half a market would be taken for a whole one: the kill switch refuses all feeds.
      engine.halt(reason: "\(name): \(error)")
    }
  }

  // MARK: The reader

  /// Looks at the newest version a few times a second.
  ///
  /// The writer neither waits for it nor knows of it. In a task,
  /// `for await update in versions.updates(every: .milliseconds(300))` does the same.
  static func follow(_ versions: VersionReader, until feeds: DispatchGroup) {
    guard var version = versions.hold() else { return }  // nil only where all places are taken
    while feeds.wait(timeout: .now() + .milliseconds(300)) == .timedOut {
      let missed = version.advance()
      let pair = strongestPairs(of: version).first.map(text) ?? "no correlation yet"
      print("version \(version.number), \(missed) missed: \(pair)")
    }
  }

  /// A pair of symbols, their correlation, and how many returns it was made of.
  typealias Pair = (first: Int, second: Int, correlation: Double, rows: Int)

  /// All pairs that have a correlation, the strongest first.
  static func strongestPairs(of version: borrowing HeldVersion) -> [Pair] {
    var pairs: [Pair] = []
    for second in 0..<version.symbolCount {
      for first in 0..<second {
        let (one, other) = (SymbolID(rawValue: UInt32(first)), SymbolID(rawValue: UInt32(second)))
        // NaN where there are too few returns: never 0 for want of data.
        if version[one, other].isNaN { continue }
        pairs.append((first, second, version[one, other], version.jointCount(one, other)))
      }
    }
    return pairs.sorted { abs($0.correlation) > abs($1.correlation) }
  }

  // MARK: The report

  static func report(_ engine: LiveEngine) {
    print("\nstrongest correlations")
    engine.versions.withLatest { version in
      for pair in strongestPairs(of: version).prefix(5) { print(text(pair)) }
    }
    // A cut shows all symbols as of one moment, that of the last version; `engine.bars` shows each
    // symbol's newest bar, whatever the others have.
    print("\nsymbol  close     ticks  start of the bar")
    engine.cut?.withLatest { table in
      for (place, name) in names.enumerated() {
        guard let clean = table.latestBar(of: SymbolID(rawValue: UInt32(place))) else { continue }
        print(
          padded(name, 8) + padded("\(Float(clean.bar.close))", 10)
            + padded("\(clean.bar.tickCount)", 7) + "\(clean.bar.start)")
      }
    }
    let tape = engine.withConsumer { $0 }
    print("\n\(tape.barCount) bars, \(tape.outlierCount) of them outliers")
    // Every tick ends in exactly one counter.
    let total = engine.total
    print("\(total.received) ticks, \(total.accepted) accepted", terminator: "")
    for reason in RejectReason.allCases where total[reason] > 0 {
      print(", \(total[reason]) \(reason.name)", terminator: "")
    }
    print("")
  }

  static func text(_ pair: Pair) -> String {
    let rounded = (pair.correlation * 1000).rounded() / 1000
    return padded(names[pair.first], 8) + padded(names[pair.second], 8) + padded("\(rounded)", 8)
      + "over \(pair.rows) bars"
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  static let names = Arrivals.market.symbolNames
}

/// What is to happen at every bar, feature row or version; called on a thread of the engine's.
struct Tape: PipelineConsumer, Sendable {
  private(set) var barCount = 0
  private(set) var outlierCount = 0

  mutating func take(bars: Span<CleanBar>) {
    barCount += bars.count
    for place in bars.indices where bars[place].flags.contains(.outlier) { outlierCount += 1 }
  }
}

/// The ticks of a simulated market as they would arrive, a hundred times as fast.
///
/// Every feed makes its own, and it is the same market: so symbols of one feed go with those of the
/// other.
struct Arrivals {
  static let market = SimulatedMarket(symbols: 8, ticks: 16_000, seed: 3)
  static let speed: Int64 = 100

  private var market = Self.market
  private let begin = ContinuousClock.now
  private var opening: Timestamp?

  /// Waits for the next tick; nil after the last.
  mutating func next() -> Tick? {
    guard var tick = market.next() else { return nil }
    let opening = opening ?? tick.time
    self.opening = opening
    let passed = (tick.time - opening).count / Self.speed
    var waiter = Waiter(.park)
    while ContinuousClock.now - begin < .nanoseconds(passed) { waiter.wait() }
    tick.time = opening + Nanoseconds(passed)
    tick.receiveTime = tick.time
    return tick
  }
}
