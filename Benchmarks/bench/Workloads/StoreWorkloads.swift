import CYardsticks
import LoomCore
import LoomJournal

/// Bars into the store beside plain rows of the same numbers through SQLite's own C interface.
let storeWorkloads: [Workload] = [
  Workload("sqlite.insert", unit: "row", operations: 4096) { iterations, watch in
    let folder = try TemporaryFolder()
    let time = unsafe yardstick_sqlite_insert(folder.path + "/plain", UInt64(iterations))
    if time < 0 { throw WorkloadError("SQLite cannot insert into a file in \(folder.path)") }
    watch.add(nanoseconds: time)
  },
  Workload(
    "store.append.4096", unit: "bar", operations: 4096, yardstick: "sqlite.insert"
  ) { iterations, watch in
    let folder = try TemporaryFolder()
    try append(iterations, folder.path + "/store", &watch)
  },
]

private func append(_ iterations: Int, _ path: String, _ watch: inout Stopwatch) throws {
  let configuration = StoreConfiguration(
    text: "bench", timeframe: Timeframe.day, featureNames: ["one"])
  var store = try Store(path: path, configuration: configuration)
  let bars = storedBars
  try watch.time {
    for _ in 0..<iterations {
      try store.append(bars: bars.span)
      try store.commitBatch()
    }
  }
  try store.close()
}

private let storedBars = (0..<4096).map { place in
  let price = 1 + Double(place % 997) / 1000
  return CleanBar(
    bar: Bar(
      start: Timestamp(nanoseconds: Int64(place) * 1_000_000_000),
      symbol: SymbolID(rawValue: UInt32(place % 10)), open: price, high: price + 0.01,
      low: price - 0.01, close: price, volume: 5, vwap: price, spreadEstimate: 0.001, tickCount: 9),
    logReturn: 0.001)
}
