import LoomCore
import LoomNormalization
import Tickloom

/// 200 symbols over shards, with about ten ticks to a bar of one second, and with a hundred.
///
/// `engine.shards`: what a shard does, its ring filled before and emptied after, one polling thread
/// for each. `engine.spread`: the whole way through a pipeline whose symbols are spread over so many
/// threads, with guard, rings, merging, matrix and versions, all of which stay on the calling thread.
let shardWorkloads: [Workload] = [(name: "", pace: Int64(1)), (name: "-dense", pace: 10)].flatMap {
  market in
  [1, 2].map { shards in
    Workload(
      "engine.shards\(market.name).\(shards)", unit: "tick", operations: tickCount,
      yardstick: shards == 1 ? "memory.copy.tick" : "engine.shards\(market.name).1", threads: shards
    ) { iterations, watch in try alone(shards, market.pace, iterations, &watch) }
  }
    + [1, 2, 4].map { shards in
      Workload(
        "engine.spread\(market.name).\(shards)", unit: "tick", operations: tickCount,
        yardstick: shards == 1 ? "memory.copy.tick" : "engine.spread\(market.name).1",
        threads: shards == 1 ? 1 : shards + 1
      ) { iterations, watch in try spread(shards, market.pace, iterations, &watch) }
    }
}

/// Ticks of a round: twenty bars of each symbol, or two.
private let tickCount = 40_960
private let symbolCount = 200

private func market(_ pace: Int64) -> RepeatingMarket {
  RepeatingMarket(symbols: symbolCount, ticks: tickCount, pace: pace)
}

/// The shards by themselves.
private func alone(
  _ shards: Int, _ pace: Int64, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  var market = market(pace)
  var gate = Guard(configuration: try NormalizationConfiguration())
  let empty = PricedTick(time: .distantPast, symbol: .unknown, price: .nan, sequence: 0)
  var priced = [PricedTick](repeating: empty, count: 256)
  var rejected: [Rejection] = []
  let rounds = try ShardRounds(shards: shards)
  defer { rounds.end() }
  var unused = Stopwatch()
  // The first round grows buffers and meets every symbol.
  for round in 0...iterations {
    for batch in market.batches {
      var room = priced.mutableSpan
      let count = gate.admit(batch.span, into: &room, rejected: &rejected)
      rounds.stage(priced.span.extracting(first: count))
    }
    if round == 0 { try rounds.run(&unused) } else { try rounds.run(&watch) }
    market.advance()
    rejected.removeAll(keepingCapacity: true)
  }
  let expected = (iterations + 1) * tickCount / Int(10 * pace)
  if rounds.barCount < expected * 8 / 10 { throw WorkloadError("\(rounds.barCount) bars") }
}

/// Counts what comes out and keeps none of it.
private struct Counts: PipelineConsumer {
  var bars = 0
  var versions: UInt64 = 0

  mutating func take(bars: Span<CleanBar>) { self.bars += bars.count }
  mutating func take(version: borrowing HeldVersion) { versions = version.number }
}

/// A pipeline whose symbols are spread.
private func spread(
  _ shards: Int, _ pace: Int64, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  var market = market(pace)
  var pipeline = try Pipeline(configuration: try PipelineConfiguration())
  try pipeline.spread(overShards: shards, waitStrategy: .yield)
  var counts = Counts()
  var unused = Stopwatch()
  for round in 0...iterations {
    if round == 0 {
      try process(market, &pipeline, &counts, &unused)
    } else {
      try process(market, &pipeline, &counts, &watch)
    }
    market.advance()
  }
  let expected = (iterations + 1) * tickCount / Int(10 * pace)
  if counts.bars < expected * 8 / 10 || counts.versions == 0 {
    throw WorkloadError("\(counts.bars) bars, \(counts.versions) versions")
  }
}

private func process(
  _ market: borrowing RepeatingMarket, _ pipeline: inout Pipeline<StandardFeatures>,
  _ counts: inout Counts, _ watch: inout Stopwatch
) throws {
  try watch.time {
    for batch in market.batches { try pipeline.process(batch.span, into: &counts) }
    try pipeline.settle(into: &counts)
  }
}
