import Glibc
import LoomCore
import LoomJournal
import LoomPublishing
import LoomSystem
import Tickloom

/// Trades to bars, features and a version a second, in batches of 64 as a feed would give them.
///
/// One operation is one trade, and making the pipeline and letting it run out count too. The answer
/// is the last matrix, packed. With `stores` everything that comes out is kept in SQLite, with a
/// commit for each version.
func streamJob(_ folder: String, stores: Bool) throws -> Job {
  let ticks = try tradedTicks(folder)
  let path = folder + "/ours.db"
  func run() throws -> [Double] {
    var pipeline = try Pipeline(
      configuration: PipelineConfiguration(estimator: .rolling(window: 60)))
    if stores {
      unsafe unlink(path)
      var keeper = try Keeper(path: path, featureNames: pipeline.featureNames)
      try feed(ticks, to: &pipeline, into: &keeper)
      try keeper.close()
    } else {
      var counter = Counter()
      try feed(ticks, to: &pipeline, into: &counter)
      precondition(counter.rows > 0 && counter.versions > 0, "nothing came out")
    }
    return pipeline.latest.correlations
  }
  return Job(time: { try Timing(operations: ticks.count) { _ = try run() } }, answer: run)
}

private func feed<Consumer: PipelineConsumer & ~Copyable>(
  _ ticks: [SequencedTick], to pipeline: inout Pipeline<StandardFeatures>,
  into consumer: inout Consumer
) throws {
  var start = 0
  while start < ticks.count {
    let end = min(ticks.count, start + 64)
    try pipeline.process(ticks.span.extracting(start..<end), into: &consumer)
    start = end
  }
  try pipeline.finish(into: &consumer)
}

/// Looks at what comes and keeps nothing.
private struct Counter: PipelineConsumer {
  var rows = 0
  var versions = 0

  mutating func take(features: Span<FeatureRow>) { rows += features.count }
  mutating func take(version: borrowing HeldVersion) { versions += 1 }
}

/// Keeps what comes in a store.
private struct Keeper: PipelineConsumer, ~Copyable {
  private var store: Store

  init(path: String, featureNames: [String]) throws {
    store = try Store(
      path: path,
      configuration: StoreConfiguration(
        text: "peers", timeframe: .second, featureNames: featureNames))
  }

  mutating func take(bars: Span<CleanBar>) throws { try store.append(bars: bars) }
  mutating func take(features: Span<FeatureRow>) throws { try store.append(features: features) }
  mutating func take(version: borrowing HeldVersion) throws {
    try store.append(version: version.number, time: version.start, hash: version.hash)
    try store.commitBatch()
  }

  consuming func close() throws { try store.close() }
}
