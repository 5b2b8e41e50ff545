import LoomCore
import Tickloom

/// Many symbols' bars to bars, features and versions: the whole batch, on one thread and on two.
let batchWorkloads: [Workload] = [(symbols: 100, bars: 1000), (symbols: 500, bars: 5000)].flatMap {
  size in
  [1, 2].map { workers in
    Workload(
      "batch.symbols.\(size.symbols)" + (workers == 1 ? "" : "-workers-\(workers)"), unit: "bar",
      operations: size.symbols * size.bars, counted: nil
    ) { iterations, watch in
      try batch(symbols: size.symbols, bars: size.bars, workers: workers, iterations, &watch)
    }
  }
}

private func batch(
  symbols: Int, bars: Int, workers: Int, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  BLAS.useOneThread()
  let inputs = batchInputs(symbols: symbols, bars: bars)
  let batch = Batch(configuration: try PipelineConfiguration())
  for _ in 0..<iterations {
    var result: BatchResult?
    try watch.time { result = try batch.process(inputs, workers: workers) }
    precondition(result?.versions.count == bars - 1, "\(result?.versions.count ?? 0) versions")
    precondition(result?.correlation(0, symbols - 1).isFinite == true, "no correlation")
  }
}

/// Input bars of one second; sixteen seeded walks in turn, so that memory holds the results.
private func batchInputs(symbols: Int, bars: Int) -> [BatchInput] {
  let walks = (1...16).map { batchWalk(seed: $0, count: bars) }
  return (0..<symbols).map { BatchInput(name: "S\($0)", ticks: walks[$0 % walks.count]) }
}

private func batchWalk(seed: UInt64, count: Int) -> [Tick] {
  var state = seed
  func uniform() -> Double {
    // Knuth's 64-bit linear congruential generator: steps must only differ.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
  var close = 100.0
  return (0..<count).map { place in
    let open = close
    close *= 1 + 0.002 * (uniform() - 0.5)
    let (low, high) = (min(open, close) * 0.9995, max(open, close) * 1.0005)
    return Tick(
      barStart: Timestamp(nanoseconds: Int64(place) * 1_000_000_000),
      symbol: SymbolID(rawValue: 0), open: open, high: high, low: low, close: close,
      volume: 1000 * uniform())
  }
}
