import Glibc
import LoomCore
import LoomImport

/// Text to ticks: what a run on files waits for first.
let csvWorkloads: [Workload] = [
  csv("csv.read.quotes", header: "timestamp,symbol,bid,ask,bid_size,ask_size", files: 1) {
    "\(Timestamp(nanoseconds: $0 * 7_654_321)),S\($0 % 10),1.3\($0 % 10_000),1.4\($0 % 9999),"
      + "\($0 % 900),\($0 % 800)"
  },
  csv("csv.read.trades", header: "time,symbol,price,size,id", files: 1) {
    "\(1_500_000_000_000 + $0 * 7),S\($0 % 10),252.\($0 % 1_000_000),\($0 % 900),\($0)"
  },
  csv("csv.merge.4", header: "time,symbol,price,size,id", files: 4) {
    "\(1_500_000_000_000 + $0 * 7),S\($0 % 10),252.\($0 % 1_000_000),\($0 % 900),\($0)"
  },
]

/// Rows of a file of this size, read once in an iteration, so that opening it counts little.
private let rowsOfFile = 16_384

/// Rows from temporary files to batches of ticks; the yardstick copies the ticks once.
private func csv(
  _ name: String, header: String, files: Int, row: @escaping @Sendable (Int64) -> String
) -> Workload {
  Workload(
    name, unit: "row", operations: rowsOfFile, yardstick: "memory.copy.64-ticks", counted: 4
  ) { iterations, watch in
    var texts = [String](repeating: header + "\n", count: files)
    for place in 0..<rowsOfFile { texts[place % files] += row(Int64(place)) + "\n" }
    let paths = (0..<files).map { "/tmp/tickloom-bench-\(getpid())-\($0).csv" }
    defer { for path in paths { unsafe unlink(path) } }
    for (path, text) in zip(paths, texts) {
      guard let file = unsafe fopen(path, "w") else { continue }
      unsafe fputs(text, file)
      unsafe fclose(file)
    }
    var taken = 0
    var batch = InputBatch()
    try watch.time {
      for _ in 0..<iterations {
        let reader = try TickReader(inputs: paths.map(InputLocation.path))
        while try reader.read(into: &batch) { taken += batch.ticks.count }
      }
    }
    precondition(taken == iterations * rowsOfFile, "\(taken) rows")
  }
}
