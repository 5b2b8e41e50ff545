import LoomImport
import LoomNormalization
import Tickloom

/// A market of many symbols, all active, through one pipeline: time and memory as symbols are added.
///
/// Ticks are made beside it, in batches that are not timed.
let pipelineSymbolsWorkloads: [Workload] = [10, 100, 1000, 5000].map { symbols in
  Workload(
    "pipeline.symbols.\(symbols)", unit: "tick", operations: 20 * symbols,
    yardstick: "memory.copy.tick", isBrief: symbols <= 1000
  ) { iterations, watch in
    var market = SimulatedMarket(symbols: symbols, ticks: iterations * 20 * symbols, seed: 1)
    var pipeline = try Pipeline(configuration: try PipelineConfiguration())
    var consumer = PipelineHandlers()
    let empty = Tick(time: .earliest, symbol: .unknown)
    var batch = [Tick](repeating: empty, count: 4096)
    while true {
      var room = batch.mutableSpan
      let count = market.next(into: &room)
      if count == 0 { break }
      try watch.time {
        try pipeline.process(batch.span.extracting(first: count), into: &consumer)
      }
    }
    try watch.time { try pipeline.finish(into: &consumer) }
    let known = pipeline.publisher.latest.symbolCount
    if known != symbols { throw WorkloadError("\(known) of \(symbols) symbols are in the matrix") }
  }
}
