import LoomCore
import Tickloom

/// Input bars of many symbols to clean bars, features and a version for each row.
///
/// One operation is one bar. The answer is the last matrix, packed.
func batchJob(_ folder: String, workers: Int, window: Int) throws -> Job {
  let inputs = try batchInputs(folder)
  let bars = try doubles(folder + "/close.f64").count
  let batch = Batch(
    configuration: try PipelineConfiguration(estimator: .rolling(window: window)))
  return Job(
    time: {
      try Timing(operations: bars) { _ = try batch.process(inputs, workers: workers) }
    },
    answer: { try batch.process(inputs, workers: workers).latest?.correlations ?? [] })
}

/// The bars of `open.f64` and its fellows, one symbol after another, `symbols.i64` of them.
private func batchInputs(_ folder: String) throws -> [BatchInput] {
  func column(_ name: String) throws -> [Double] { try doubles("\(folder)/\(name).f64") }
  let symbols = Int(try integers(folder + "/symbols.i64")[0])
  let (open, high, low) = (try column("open"), try column("high"), try column("low"))
  let (close, volume) = (try column("close"), try column("volume"))
  let count = close.count / symbols
  return (0..<symbols).map { symbol in
    let ticks = (0..<count).map { row in
      let place = symbol * count + row
      return Tick(
        barStart: Timestamp(nanoseconds: Int64(row) * 1_000_000_000),
        symbol: SymbolID(rawValue: UInt32(symbol)), open: open[place], high: high[place],
        low: low[place], close: close[place], volume: volume[place])
    }
    return BatchInput(name: "S\(symbol)", ticks: ticks)
  }
}
