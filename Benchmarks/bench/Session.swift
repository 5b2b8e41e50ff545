/// Measures workloads, each one in turns with its yardstick.
struct Session {
  let workloads: [Workload]
  /// How long the repetitions of a workload, its yardstick's aside, should take together.
  let seconds: Double
  /// Iterations of one repetition, by the name of the workload.
  private var iterations: [String: Int] = [:]

  /// Interference only ever adds time; among nine, one is usually spared.
  private static let repetitions = 9
  /// Of workloads whose one iteration is longer than a repetition should be.
  private static let fewestRepetitions = 5

  init(workloads: [Workload], seconds: Double) {
    self.workloads = workloads
    self.seconds = seconds
  }

  /// The times of one workload, and of its yardstick in the same minute: A-B-A-B.
  mutating func measure(_ workload: Workload) throws -> Measurement {
    let yardstick = workloads.first { $0.name == workload.yardstick }
    let own = try calibrated(workload)
    let others = try yardstick.map { try calibrated($0) }
    var measurement = Measurement(workload)
    let before = ForeignLoad()
    for repetition in 0..<Self.repetitions {
      if repetition >= Self.fewestRepetitions, measurement.seconds > 4 * seconds { break }
      if let yardstick, let others {
        measurement.yardstickTimes.append(try time(yardstick, others).perOperation)
      }
      let (perOperation, watch) = try time(workload, own)
      measurement.times.append(perOperation)
      measurement.seconds += watch.nanoseconds / 1e9
    }
    measurement.load = ForeignLoad().since(before)
    if workload.hasLatencies {
      var stopwatch = Stopwatch(takesLatencies: true)
      // A thousand at least: a part in a thousand is looked for.
      try workload.run(max(own * Self.repetitions, 1000), &stopwatch)
      measurement.latencies = stopwatch.latencies.sorted()
    }
    return measurement
  }

  private func time(
    _ workload: Workload, _ iterations: Int
  ) throws -> (perOperation: Double, watch: Stopwatch) {
    var stopwatch = Stopwatch()
    try workload.run(iterations, &stopwatch)
    return (stopwatch.nanoseconds / Double(iterations * workload.operations), stopwatch)
  }

  /// Doubles the iterations until a repetition is long enough; the runs also warm up.
  private mutating func calibrated(_ workload: Workload) throws -> Int {
    if let known = iterations[workload.name] { return known }
    var count = 1
    while true {
      var stopwatch = Stopwatch()
      try workload.run(count, &stopwatch)
      if stopwatch.nanoseconds >= seconds * 1e9 / Double(Self.repetitions) { break }
      count *= 2
    }
    iterations[workload.name] = count
    return count
  }
}
