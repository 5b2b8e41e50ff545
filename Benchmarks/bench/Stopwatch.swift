import CYardsticks

/// Takes the time of the part of a workload that counts, whole or operation by operation.
struct Stopwatch {
  /// The time taken so far.
  private(set) var nanoseconds = 0.0
  /// Whether operations are to be timed one by one; that costs a look at the clock for each.
  let takesLatencies: Bool
  /// Their times, in nanoseconds, the cost of that look taken off.
  private(set) var latencies: [Int64] = []

  init(takesLatencies: Bool = false) { self.takesLatencies = takesLatencies }

  /// Runs `body` and adds the time it took.
  mutating func time(_ body: () throws -> Void) rethrows {
    let start = yardstick_now()
    try body()
    nanoseconds += Double(yardstick_now() - start)
  }

  /// Runs `body` with 0, 1, … `count` − 1 and adds the time it took.
  ///
  /// One stamp ends an operation and begins the next, so no time between two of them is lost.
  @inline(__always)
  mutating func time(each count: Int, _ body: (Int) throws -> Void) rethrows {
    if !takesLatencies {
      try time { for index in 0..<count { try body(index) } }
      return
    }
    var stamps = [Int64](repeating: 0, count: count + 1)
    stamps[0] = yardstick_now()
    for index in 0..<count {
      try body(index)
      stamps[index + 1] = yardstick_now()
    }
    nanoseconds += Double(stamps[count] - stamps[0])
    latencies += zip(stamps.dropFirst(), stamps).map { max(0, $0 - $1 - Self.clockCost) }
  }

  /// Adds a time that somebody else took: C, or another process.
  mutating func add(nanoseconds: Double, latencies: [Int64] = []) {
    self.nanoseconds += nanoseconds
    self.latencies += latencies.map { max(0, $0 - Self.clockCost) }
  }

  /// What one look at the clock costs: the median distance of looks in a row, in nanoseconds.
  static let clockCost: Int64 = {
    var stamps = [Int64](repeating: 0, count: 4097)
    for index in stamps.indices { stamps[index] = yardstick_now() }
    return zip(stamps.dropFirst(), stamps).map { $0 - $1 }.sorted()[2048]
  }()
}
