/// Measures workloads, each one in turns with its yardstick.
struct Session {
  let workloads: [Workload]
  let repetitions: Int
  /// How long one repetition should take at least.
  let repetitionNanoseconds: Double

  /// The times of one workload, and of its yardstick in the same minute.
  func measure(_ workload: Workload) throws -> Measurement {
    let yardstick = workloads.first { $0.name == workload.yardstick }
    let iterations = try calibrate(workload)
    let yardstickIterations = try yardstick.map(calibrate)
    var times: [Double] = []
    var yardstickTimes: [Double] = []
    for _ in 0..<repetitions {
      if let yardstick, let yardstickIterations {
        yardstickTimes.append(try time(yardstick, yardstickIterations))
      }
      times.append(try time(workload, iterations))
    }
    return Measurement(
      workload: workload, times: times.sorted(), yardstickTimes: yardstickTimes.sorted())
  }

  /// Nanoseconds for one operation.
  private func time(_ workload: Workload, _ iterations: Int) throws -> Double {
    var stopwatch = Stopwatch()
    try workload.run(iterations, &stopwatch)
    return stopwatch.nanoseconds / Double(iterations * workload.operations)
  }

  /// Doubles the iterations until a repetition is long enough; the runs also warm up.
  private func calibrate(_ workload: Workload) throws -> Int {
    var iterations = 1
    while true {
      var stopwatch = Stopwatch()
      try workload.run(iterations, &stopwatch)
      if stopwatch.nanoseconds >= repetitionNanoseconds { return iterations }
      iterations *= 2
    }
  }
}

/// The times of a workload for one operation, shortest first, in nanoseconds.
struct Measurement {
  let workload: Workload
  let times: [Double]
  let yardstickTimes: [Double]

  /// The least disturbed repetition.
  var best: Double { times[0] }
  var median: Double { times[times.count / 2] }
  /// How many times as long as the yardstick's best it takes at best.
  var ratio: Double? { yardstickTimes.first.map { best / $0 } }
}
