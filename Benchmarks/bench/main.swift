import Glibc
import LoomCore

/// Every workload, in the order of the report.
let workloads: [Workload] =
  copyWorkloads + ringWorkloads + marketWorkloads + csvWorkloads + pipelineWorkloads
  + versionWorkloads + backfillWorkloads + batchWorkloads

/// Ends with status 2 and a message on standard error.
func fail(_ message: String) -> Never {
  var text = message + "\n"
  _ = text.withUTF8 { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(2)
}

func selected(_ filter: String) -> [Workload] {
  let chosen = workloads.filter { matches($0.name[...], filter[...]) }
  if chosen.isEmpty { fail("no workload fits '\(filter)'; bench --list shows them") }
  return chosen
}

func list(_ chosen: [Workload], counted: Bool) {
  for workload in chosen {
    if let iterations = workload.counted, counted { print("\(workload.name)\t\(iterations)") }
    if !counted { print(workload.name) }
  }
}

func measure(_ chosen: [Workload], jsonPath: String?, repetitions: Int) throws {
  let session = Session(
    workloads: workloads, repetitions: repetitions, repetitionNanoseconds: 5e6)
  var measurements: [Measurement] = []
  print(Measurement.header)
  for workload in chosen {
    let measurement = try session.measure(workload)
    measurements.append(measurement)
    print(measurement.line)
    fflush(nil)  // each line as soon as it is known, in a pipe too
  }
  if let jsonPath { try writeJSON(measurements, to: jsonPath) }
}

BLAS.useOneThread()
guard let request = Request(CommandLine.arguments.dropFirst()) else { fail(Request.usage) }
do {
  switch request {
  case .help: print(Request.usage)
  case .list(let filter, let counted): list(selected(filter), counted: counted)
  case .count(let name, let iterations):
    var stopwatch = Stopwatch()
    for workload in selected(name) { try workload.run(iterations, &stopwatch) }
  case .measure(let filter, let jsonPath, let repetitions):
    try measure(selected(filter), jsonPath: jsonPath, repetitions: repetitions)
  }
} catch {
  fail("bench: \(error)")
}
