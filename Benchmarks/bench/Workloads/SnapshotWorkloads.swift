import LoomCore
import LoomFeatures
import Tickloom

/// The state of a pipeline as bytes, and a pipeline of these bytes, by symbols: what an engine's thread
/// stops for, and what going on begins with.
let snapshotWorkloads: [Workload] = [50, 500].flatMap { symbols in
  [
    Workload(
      "snapshot.write.\(symbols)", unit: "snapshot", yardstick: "memory.copy.\(symbols)x\(symbols)",
      gate: symbols == 50 ? .counted(10) : .none
    ) { iterations, watch in
      var pipeline = try filled(symbols)
      var bytes = 0
      try watch.time { for _ in 0..<iterations { bytes += try pipeline.snapshot().count } }
      if bytes < iterations * symbols * symbols { throw WorkloadError("\(bytes) bytes") }
    },
    Workload(
      "snapshot.read.\(symbols)", unit: "snapshot", yardstick: "memory.copy.\(symbols)x\(symbols)",
      gate: symbols == 50 ? .counted(10) : .none
    ) { iterations, watch in
      var pipeline = try filled(symbols)
      let bytes = try pipeline.snapshot()
      for _ in 0..<iterations {
        var next = try Pipeline(configuration: try PipelineConfiguration())
        try watch.time { try next.restore(from: bytes) }
        if next.gate.lastSequence == 0 { throw WorkloadError("nothing was restored") }
      }
    },
  ]
}

/// A pipeline that has seen every symbol, with a full window.
private func filled(_ symbols: Int) throws -> Pipeline<StandardFeatures> {
  var pipeline = try Pipeline(configuration: try PipelineConfiguration())
  var consumer = PipelineHandlers()
  var random = UniformNumbers(state: 7)
  let start = Timestamp(nanoseconds: 1_577_836_800_000_000_000)
  for second in 0..<600 {
    let ticks = (0..<symbols).map { symbol in
      Tick(
        time: start + .seconds(Int64(second)), symbol: SymbolID(rawValue: UInt32(symbol)),
        last: 100 + random.next(), lastSize: 1, flags: .trade)
    }
    try pipeline.process(ticks.span, into: &consumer)
  }
  return pipeline
}
