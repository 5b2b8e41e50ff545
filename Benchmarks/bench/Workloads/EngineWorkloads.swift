import CYardsticks
import LoomCore
import LoomFeatures
import LoomSystem
import Synchronization
import Tickloom

/// From a feed's push to the published version, through an engine.
let engineWorkloads: [Workload] =
  [1, 64].map { batch in
    // What the gate counts: over the whole path nothing may be allocated or retained.
    Workload(
      "engine.one-thread.\(batch)", unit: "tick", operations: batch,
      yardstick: "memory.copy.tick", gate: .hot(25_600 / batch)
    ) { iterations, watch in try oneThread(10, of: 10, batch: batch, iterations, &watch) }
  }
  + [1, 64].map { batch in
    Workload(
      "engine.two-threads.\(batch)", unit: "tick", operations: batch,
      yardstick: "memory.copy.tick", threads: 2
    ) { iterations, watch in try twoThreads(10, batch: batch, iterations, &watch) }
  }
  + [50, 5000].map { registered in
    Workload(
      "engine.50-active-of.\(registered)", unit: "tick", operations: 64,
      yardstick: "memory.copy.tick", gate: .hot(8000)
    ) { iterations, watch in try oneThread(50, of: registered, batch: 64, iterations, &watch) }
  }
  + [10, 100, 1000].map { symbols in
    Workload(
      "engine.symbols.\(symbols)", unit: "tick", operations: 64, yardstick: "memory.copy.tick"
    ) { iterations, watch in try oneThread(symbols, of: symbols, batch: 64, iterations, &watch) }
  } + [
    Workload(
      "engine.latency.1", unit: "tick", yardstick: "boost.round-trip.1", threads: 2,
      hasLatencies: true, run: latency)
  ]

/// Counts what comes out and keeps none of it.
private struct Counts: PipelineConsumer, Sendable {
  var bars = 0
  var versions: UInt64 = 0

  mutating func take(bars: Span<CleanBar>) { self.bars += bars.count }
  mutating func take(version: borrowing HeldVersion) { versions = version.number }
}

private func engine<Consumer: PipelineConsumer>(
  symbols: Int, _ consumer: consuming sending Consumer
) throws -> Engine<StandardFeatures, Consumer> {
  try Engine(
    configuration: EngineConfiguration(pipeline: PipelineConfiguration(), maximumAhead: nil),
    symbols: (0..<symbols).map { "S\($0)" }, features: { .standard() }, consumer: consumer)
}

/// The end that pushes for every `step`-th symbol.
private func feed<Consumer: PipelineConsumer>(
  _ engine: Engine<StandardFeatures, Consumer>, _ symbols: [SymbolID], policy: FeedPolicy
) throws -> FeedGroup {
  guard let feed = try engine.feedGroup(symbols, source: "bench", policy: policy) else {
    throw WorkloadError("there is no feed")
  }
  return feed
}

/// Pushes a batch and polls, again and again; `active` of the registered symbols have ticks.
private func oneThread(
  _ active: Int, of registered: Int, batch: Int, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  let engine = try engine(symbols: registered, Counts())
  let symbols = (0..<active).map { SymbolID(rawValue: UInt32($0 * (registered / active))) }
  var feed = try feed(engine, symbols, policy: .handBack)
  var market = EngineMarket(symbols: symbols, batch: batch)
  var taken = 0
  // Symbols are seen, windows filled and buffers grown before anything counts.
  for _ in 0..<200 * 640 / batch * active / 10 { try turn(&feed, &market, engine, &taken) }
  taken = 0
  try watch.time {
    for _ in 0..<iterations { try turn(&feed, &market, engine, &taken) }
  }
  if taken != iterations * batch { throw WorkloadError("\(taken) ticks were taken") }
  let versions = engine.withConsumer { $0.versions }
  if versions < 8 { throw WorkloadError("\(versions) versions") }
}

private func turn(
  _ feed: inout FeedGroup, _ market: inout EngineMarket,
  _ engine: Engine<StandardFeatures, Counts>, _ taken: inout Int
) throws {
  market.withNext { symbol, ticks in taken += feed.push(symbol, ticks).taken }
  try engine.poll()
}

/// A feed on the second processor, the cycles on the first, until all has come out.
private func twoThreads(
  _ symbolCount: Int, batch: Int, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  let engine = try engine(symbols: symbolCount, Counts())
  let symbols = (0..<symbolCount).map { SymbolID(rawValue: UInt32($0)) }
  let end = Movable(try feed(engine, symbols, policy: .wait(.spin)))
  let total = iterations * batch
  try watch.time {
    let producer = try Worker<Void, Never>(name: "feed") {
      yardstick_pin(1)
      var feed = end.take()
      var market = EngineMarket(symbols: symbols, batch: batch)
      for _ in 0..<iterations {
        market.withNext { symbol, ticks in
          if ticks.count == 1 {
            keep(feed.push(symbol, ticks[0]))
          } else {
            keep(feed.push(symbol, ticks))
          }
        }
      }
    }
    yardstick_pin(0)
    var taken = 0
    while taken < total { taken += try engine.poll() }
    producer.join()
  }
  yardstick_unpin()
  let versions = engine.withConsumer { $0.versions }
  if total > 100_000, versions == 0 { throw WorkloadError("no version was published") }
}

/// Notes how long after its push each tick had gone through every stage.
private struct Delays: PipelineConsumer, Sendable {
  var latencies: [Int64]
  var count = 0
  private var stamps = [Int64](repeating: 0, count: 1024)
  private var stamped = 0

  init(_ count: Int) { latencies = Array(repeating: 0, count: count) }

  mutating func take(inputs: Span<SequencedTick>) {
    for place in inputs.indices {
      stamps[stamped] = inputs[place].tick.receiveTime.nanoseconds
      stamped += 1
    }
  }

  mutating func take(clock: Timestamp) {
    let now = yardstick_now()
    for place in 0..<stamped {
      latencies[count] = now - stamps[place]
      count += 1
    }
    stamped = 0
  }
}

/// A million ticks a second, each pushed alone at its time, or late if the feed was held up.
private func latency(_ iterations: Int, _ watch: inout Stopwatch) throws {
  let engine = try engine(symbols: 10, Delays(iterations))
  let symbols = (0..<10).map { SymbolID(rawValue: UInt32($0)) }
  let end = Movable(try feed(engine, symbols, policy: .wait(.spin)))
  let start = yardstick_now()
  let producer = try Worker<Void, Never>(name: "feed") {
    yardstick_pin(1)
    var feed = end.take()
    var market = EngineMarket(symbols: symbols, batch: 1)
    var due = yardstick_now()
    for _ in 0..<iterations {
      market.withNext { symbol, ticks in
        var tick = ticks[0]
        while yardstick_now() < due {}
        // When it should have been pushed: a pause counts for all who waited.
        tick.receiveTime = Timestamp(nanoseconds: due)
        keep(feed.push(symbol, tick))
      }
      due += 1000
    }
  }
  yardstick_pin(0)
  var taken = 0
  while taken < iterations { taken += try engine.poll() }
  producer.join()
  yardstick_unpin()
  let latencies = engine.withConsumer { $0.latencies }
  watch.add(
    nanoseconds: Double(yardstick_now() - start),
    latencies: watch.takesLatencies ? latencies : [])
}
