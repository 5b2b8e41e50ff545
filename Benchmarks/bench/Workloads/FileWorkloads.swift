import Glibc
import LoomCore
import LoomImport
import LoomSystem
import Tickloom

/// Files to ticks, and files to bars, features, versions and exports, beside reading their bytes.
let fileWorkloads: [Workload] =
  [
    Workload("file.read", unit: "row", operations: 16_384) { iterations, watch in
      let files = try TextFiles(.quotes, rows: 16_384)
      try watch.time { for _ in 0..<iterations { try files.readBytes() } }
    },
    parse("csv.parse", .quotes), parse("csv.parse-trades", .trades),
    parse("csv.merge.4", .trades, files: 4),
  ] + [10_000, 100_000, 1_000_000].map { run("run.file.\($0)", rows: $0) }
  + [run("run.file", rows: 100_000)]

/// Rows from temporary files to batches of ticks; a file a time, so that opening it counts little.
private func parse(_ name: String, _ kind: TextFiles.Kind, files count: Int = 1) -> Workload {
  Workload(
    name, unit: "row", operations: 16_384, yardstick: "file.read", gate: .counted(4)
  ) { iterations, watch in
    let files = try TextFiles(kind, rows: 16_384, files: count)
    var taken = 0
    var batch = InputBatch()
    try watch.time {
      for _ in 0..<iterations {
        let reader = try TickReader(inputs: files.paths.map(InputLocation.path))
        while try reader.read(into: &batch) { taken += batch.ticks.count }
      }
    }
    if taken != iterations * 16_384 { throw WorkloadError("\(taken) rows") }
  }
}

/// What `tickloom run FILE --export DIR` does, exports written and synchronised.
private func run(_ name: String, rows: Int) -> Workload {
  Workload(name, unit: "row", operations: rows, yardstick: "file.read", isBrief: rows < 1_000_000) {
    iterations, watch in
    let files = try TextFiles(.quotes, rows: rows)
    var configuration = RunConfiguration(inputs: files.paths.map(InputLocation.path))
    configuration.exportFolder = files.folder.path + "/export"
    for _ in 0..<iterations {
      var summary: RunSummary?
      try watch.time { summary = try Run(configuration).perform() }
      let accepted = summary?.total.ticks.accepted ?? 0
      if accepted < rows * 9 / 10 { throw WorkloadError("\(accepted) of \(rows) ticks") }
    }
  }
}
