import LoomCore
import LoomImport

/// The simulated market: what `tickloom sim` and a demonstration run wait for.
let marketWorkloads: [Workload] = [10, 1000].map { symbols in
  Workload(
    "market.simulate.\(symbols)", unit: "tick", operations: 64, yardstick: "memory.copy.tick",
    gate: .hot(1000)
  ) { iterations, watch in
    var market = SimulatedMarket(symbols: symbols, ticks: iterations * 64, seed: 1)
    var batch = [Tick](
      repeating: Tick(time: .earliest, symbol: SymbolID(rawValue: 0)), count: 64)
    var count = 0
    watch.time {
      for _ in 0..<iterations {
        var span = batch.mutableSpan
        count += market.next(into: &span)
      }
    }
    if count != iterations * 64 { throw WorkloadError("ticks are missing") }
  }
}
