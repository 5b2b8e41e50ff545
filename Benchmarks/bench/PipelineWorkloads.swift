import LoomCore
import LoomFeatures
import LoomImport
import LoomNormalization

/// The stages from tick to feature row, each by itself.
let pipelineWorkloads: [Workload] = [
  Workload(
    "guard.admit.256", unit: "tick", operations: 256, yardstick: "memory.copy.64-ticks",
    run: admit),
  Workload(
    "bars.build.256", unit: "tick", operations: 256, yardstick: "memory.copy.64-ticks",
    run: buildBars),
  Workload("features.all", unit: "bar", counted: 4000) { iterations, watch in
    watch.time { featuresUpdate(iterations: iterations) }
  },
  Workload("features.all-normalized", unit: "bar", counted: 4000) { iterations, watch in
    watch.time { featuresUpdateNormalized(iterations: iterations) }
  },
]

/// Batches gone round in: few enough to stay in the second-level cache, as a batch does that the
/// stage before has just written.
private let roundBatches = 16

/// Batches of a market of ten symbols, with rising sequences.
private func batches(_ count: Int) -> [[SequencedTick]] {
  var market = SimulatedMarket(symbols: 10, ticks: count * 256, seed: 1)
  var sequence: UInt64 = 0
  return (0..<count).map { _ in
    (0..<256).compactMap { _ in
      sequence += 1
      return market.next().map { SequencedTick(sequence: sequence, tick: $0) }
    }
  }
}

private let empty = PricedTick(
  time: .distantPast, symbol: SymbolID(rawValue: 0), price: .nan, sequence: 0)

/// Judges ticks in a guard that has seen as many before; a new one for each round, because ticks
/// that come again are repeats.
private func admit(_ iterations: Int, _ watch: inout Stopwatch) throws {
  let batches = batches(64 + roundBatches)
  var priced = [PricedTick](repeating: empty, count: 256)
  var rejected: [Rejection] = []
  var left = iterations
  var accepted = 0
  func admit(_ batch: [SequencedTick], _ gate: inout Guard) -> Int {
    var room = priced.mutableSpan
    rejected.removeAll(keepingCapacity: true)
    return gate.admit(batch.span, into: &room, rejected: &rejected)
  }
  while left > 0 {
    var gate = Guard(configuration: try NormalizationConfiguration())
    for batch in batches.prefix(64) { _ = admit(batch, &gate) }
    let round = min(left, roundBatches)
    watch.time {
      for batch in batches.suffix(roundBatches).prefix(round) { accepted += admit(batch, &gate) }
    }
    left -= round
  }
  precondition(accepted > iterations * 250, "most ticks are good")
}

/// Folds accepted ticks into bars of one second.
private func buildBars(_ iterations: Int, _ watch: inout Stopwatch) throws {
  let configuration = try NormalizationConfiguration()
  let batches = try pricedBatches(min(iterations, roundBatches), configuration)
  var closed: [Bar] = []
  var left = iterations
  var count = 0
  while left > 0 {
    var builder = BarBuilder(configuration: configuration)
    let round = min(left, batches.count)
    watch.time {
      for batch in batches.prefix(round) {
        builder.build(batch.span, into: &closed)
        count += closed.count
        closed.removeAll(keepingCapacity: true)
      }
    }
    left -= round
  }
  precondition(count > 0 || iterations < 100, "bars were closed")
}

private func pricedBatches(
  _ count: Int, _ configuration: NormalizationConfiguration
) throws -> [[PricedTick]] {
  var gate = Guard(configuration: configuration)
  var rejected: [Rejection] = []
  return batches(count).map { batch in
    var priced = [PricedTick](repeating: empty, count: 256)
    var room = priced.mutableSpan
    let accepted = gate.admit(batch.span, into: &room, rejected: &rejected)
    priced.removeLast(256 - accepted)
    return priced
  }
}
