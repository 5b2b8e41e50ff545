/// Something a user waits for, run any number of times.
struct Workload: Sendable {
  /// `subject.action.size`, for example `ring.push-pop.64`.
  let name: String
  /// What one operation is: a tick, a row, a call.
  let unit: String
  /// Operations in one iteration.
  let operations: Int
  /// The workload whose time for one operation this one is divided by.
  let yardstick: String?
  /// How many iterations perf/gate counts instructions of; nil where they do not repeat, as with
  /// two threads, or are not ours.
  let counted: Int?
  /// Sets up, hands the loop of so many iterations to the stopwatch, and checks what came out.
  let run: @Sendable (Int, inout Stopwatch) throws -> Void

  init(
    _ name: String, unit: String, operations: Int = 1, yardstick: String? = nil,
    counted: Int? = 1000,
    run: @escaping @Sendable (Int, inout Stopwatch) throws -> Void
  ) {
    self.name = name
    self.unit = unit
    self.operations = operations
    self.yardstick = yardstick
    self.counted = counted
    self.run = run
  }
}

/// Takes the time of the part of a workload that counts.
struct Stopwatch {
  private(set) var nanoseconds = 0.0

  /// Runs `body` and adds the time it took.
  mutating func time(_ body: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    try body()
    nanoseconds += Double((ContinuousClock.now - start).attoseconds) / 1e9
  }
}

/// Keeps the optimiser from dropping the computation of a value.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}
