import CYardsticks

/// The times of a workload for one operation, in nanoseconds.
struct Measurement {
  let workload: Workload
  /// Of each repetition, in the order in which they were taken.
  var times: [Double] = []
  /// Of the yardstick, each taken just before the one above.
  var yardstickTimes: [Double] = []
  /// Of single operations, shortest first.
  var latencies: [Int64] = []
  /// Of all repetitions.
  var seconds = 0.0
  /// Processors that other work took meanwhile.
  var load = 0.0
  /// Whether there are fewer processors than threads.
  var isShort: Bool { yardstick_processors() < workload.threads }

  init(_ workload: Workload) { self.workload = workload }

  /// The median repetition; the best one of two threads, which the scheduler may part.
  var time: Double { workload.threads > 1 ? times.min() ?? .nan : Self.median(times) }

  /// Distance of the quartiles as a part of the median.
  var spread: Double {
    let sorted = times.sorted()
    return (sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / Self.median(times)
  }

  /// How many times as long as its yardstick it takes.
  ///
  /// The median over the pairs taken together, so that what slows both down cancels; of two threads
  /// the best by the best.
  var ratio: Double? {
    guard let best = yardstickTimes.min() else { return nil }
    return workload.threads > 1 ? time / best : Self.median(zip(times, yardstickTimes).map(/))
  }

  /// The latency that a part of the operations did not exceed: the nearest rank.
  func latency(_ part: Double) -> Double? {
    guard !latencies.isEmpty else { return nil }
    let rank = Int((part * Double(latencies.count)).rounded(.up))
    return Double(latencies[min(max(rank, 1), latencies.count) - 1])
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
