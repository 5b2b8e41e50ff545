import LoomCore
import Tickloom

/// Many symbols' bars to bars, features and versions: the whole batch, on one thread and on two, and
/// the same by two processes that know nothing of each other.
let batchWorkloads: [Workload] =
  [countedBatch] + [(symbols: 100, bars: 1000), (symbols: 500, bars: 5000)].flatMap(timedBatches)

/// Small enough for the gate to count its instructions.
private let countedBatch = Workload(
  "batch.symbols.10", unit: "bar", operations: 10 * 300, yardstick: "memory.copy.bar",
  gate: .counted(5)
) { iterations, watch in try batch(symbols: 10, bars: 300, workers: 1, iterations, &watch) }

private func timedBatches(_ size: (symbols: Int, bars: Int)) -> [Workload] {
  let name = "batch.symbols.\(size.symbols)"
  return [(name, 1, "memory.copy.bar"), (name + "-workers-2", 2, name + "-processes-2")].map {
    name, workers, yardstick in
    Workload(
      name, unit: "bar", operations: size.symbols * size.bars, yardstick: yardstick,
      threads: workers, isBrief: size.symbols == 100
    ) { iterations, watch in
      try batch(symbols: size.symbols, bars: size.bars, workers: workers, iterations, &watch)
    }
  } + [
    Workload(
      name + "-processes-2", unit: "bar", operations: size.symbols * size.bars, threads: 2
    ) { iterations, watch in try watch.add(processes: 2, of: name, iterations) }
  ]
}

private func batch(
  symbols: Int, bars: Int, workers: Int, _ iterations: Int, _ watch: inout Stopwatch
) throws {
  let inputs = batchInputs(symbols: symbols, bars: bars)
  let batch = Batch(configuration: try PipelineConfiguration())
  for _ in 0..<iterations {
    var result: BatchResult?
    try watch.time { result = try batch.process(inputs, workers: workers) }
    let versions = result?.versions.count ?? 0
    if versions != bars - 1 { throw WorkloadError("\(versions) versions") }
    if result?.correlation(0, symbols - 1).isFinite != true {
      throw WorkloadError("a correlation is missing")
    }
  }
}

extension Stopwatch {
  /// Runs a workload in so many processes at once and adds the time for one piece of their work.
  ///
  /// Each process times itself, set-up aside; the slowest counts.
  fileprivate mutating func add(processes count: Int, of name: String, _ iterations: Int) throws {
    let children = try (0..<count).map { _ in
      try Child(["--filter", name, "--count", "\(iterations)"])
    }
    let times = try children.map { child in
      guard let time = Double(try child.output()) else {
        throw WorkloadError("a process of \(name) failed")
      }
      return time
    }
    add(nanoseconds: (times.max() ?? .nan) / Double(count))
  }
}

/// Input bars of one second; sixteen seeded walks in turn, so that memory holds the results.
private func batchInputs(symbols: Int, bars: Int) -> [BatchInput] {
  let walks = (1...16).map { batchWalk(seed: $0, count: bars) }
  return (0..<symbols).map { BatchInput(name: "S\($0)", ticks: walks[$0 % walks.count]) }
}

private func batchWalk(seed: UInt64, count: Int) -> [Tick] {
  var numbers = UniformNumbers(state: seed)
  var close = 100.0
  return (0..<count).map { place in
    let open = close
    close *= 1 + 0.002 * (numbers.next() - 0.5)
    let (low, high) = (min(open, close) * 0.9995, max(open, close) * 1.0005)
    return Tick(
      barStart: Timestamp(nanoseconds: Int64(place) * 1_000_000_000),
      symbol: SymbolID(rawValue: 0), open: open, high: high, low: low, close: close,
      volume: 1000 * numbers.next())
  }
}
