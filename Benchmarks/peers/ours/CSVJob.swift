import LoomCore
import LoomImport

/// A file of quotes to ticks in memory, on one thread; opening and probing it included.
///
/// One operation is one row. The answer: rows, sums of the times, prices and sizes, and the rows of
/// each symbol in order of first appearance.
func csvJob(_ folder: String) throws -> Job {
  var ticks: [SequencedTick] = []
  var batch = InputBatch()
  func read() throws -> TickReader {
    ticks.removeAll(keepingCapacity: true)
    let reader = try TickReader(inputs: [.path(folder + "/quotes.csv")])
    while try reader.read(into: &batch) { ticks.append(contentsOf: batch.ticks) }
    return reader
  }
  _ = try read()
  let rows = ticks.count
  return Job(
    time: { try Timing(operations: rows) { _ = try read() } },
    answer: {
      let reader = try read()
      let sums = [
        ticks.reduce(0) { $0 + Double($1.tick.time.nanoseconds / 1_000_000_000) },
        ticks.reduce(0) { $0 + $1.tick.bid }, ticks.reduce(0) { $0 + $1.tick.ask },
        ticks.reduce(0) { $0 + $1.tick.bidSize }, ticks.reduce(0) { $0 + $1.tick.askSize },
      ]
      var counts = [Double](repeating: 0, count: reader.symbols.names.count)
      for row in ticks { counts[row.tick.symbol.index] += 1 }
      return [Double(rows)] + sums + counts
    })
}
