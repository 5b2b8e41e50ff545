import Glibc
import LoomCore
import LoomSystem

/// Every workload, in the order of the report.
let workloads: [Workload] =
  copyWorkloads + loadWorkloads + ringWorkloads + marketWorkloads + fileWorkloads
  + pipelineWorkloads + pipelineSymbolsWorkloads + featureWorkloads + versionWorkloads
  + boardWorkloads + backfillWorkloads + batchWorkloads + storeWorkloads + journalWorkloads
  + journaledEngineWorkloads + replayWorkloads + snapshotWorkloads
  + queryWorkloads + engineWorkloads + shardWorkloads

/// Ends with a message on standard error; 2 where the command line is wrong.
func fail(_ message: String, status: Int32 = 2) -> Never {
  var text = "bench: \(message)\n"
  _ = text.withUTF8 { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(status)
}

func selected(_ filter: String) -> [Workload] {
  let chosen = workloads.filter { matches($0.name, filter) }
  if chosen.isEmpty { fail("no workload fits '\(filter)'; --list shows them") }
  return chosen
}

func measure(_ options: Options) throws {
  let before = try options.comparisonPath.map(Results.read)
  let chosen = workloads.filter { matches($0.name, options.filter) }
  let machine = Machine.current()
  let table = Table(terminal: .standardOutput)
  let load = (machine.load * 10).rounded() / 10
  print("\(machine.processor), \(machine.cores) processors, load \(load)")
  // First, while this process is small: the peak of a child begins at that of its parent.
  let (budgets, missing) = try Budget.measure(options.filter)
  if chosen.isEmpty && budgets.isEmpty { _ = selected(options.filter) }
  var session = Session(workloads: workloads, seconds: options.seconds)
  var measurements: [Measurement] = []
  if !chosen.isEmpty { print(table.header) }
  for workload in chosen {
    let measurement = try session.measure(workload)
    measurements.append(measurement)
    print(table.line(measurement))
    fflush(nil)  // each line as soon as it is known, in a pipe too
  }
  for line in table.latencies(measurements) { print(line) }
  for line in table.budgets(budgets) { print(line) }
  if let missing, options.filter == "*" { print(missing) }
  let results = Results(
    machine: machine, results: measurements.map(Results.Entry.init), budgets: budgets)
  if let before {
    for line in table.comparison(results.results, before: before, machine: machine) { print(line) }
  }
  if let path = options.jsonPath { try results.write(to: path) }
}

func count(_ chosen: [Workload], iterations: Int) throws {
  var stopwatch = Stopwatch()
  for workload in chosen { try workload.run(iterations, &stopwatch) }
  print(stopwatch.nanoseconds)
}

BLAS.useOneThread()
do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  switch options.action {
  case .help:
    let help = HelpText(introduction: Options.introduction, options: Options.options)
    print(help.formatted(width: Terminal.standardOutput.width), terminator: "")
  case .list: for workload in selected(options.filter) { print(workload.name) }
  case .measure: try measure(options)
  case .count(let iterations): try count(selected(options.filter), iterations: iterations)
  case .gate(let kind): try Gate(options).show(kind)
  }
} catch let error as OptionError {
  fail("\(error); see --help")
} catch let error as UsageError {
  fail("\(error); see --help")
} catch {
  fail("\(error)", status: 1)
}
