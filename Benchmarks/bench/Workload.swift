/// Something a user waits for, or a yardstick of it, run any number of times.
struct Workload: Sendable {
  /// What perf/gate counts of it.
  enum Gate: Hashable {
    /// Nothing: its instructions do not repeat, as with two threads, or are not ours.
    case none
    /// Instructions and calls in so many iterations.
    case counted(Int)
    /// The same, and it may neither allocate nor touch a reference count.
    case hot(Int)
  }

  /// `subject.action.size`, for example `ring.one-thread.64`.
  let name: String
  /// What one operation is: a tick, a row, a call.
  let unit: String
  /// Operations in one iteration.
  let operations: Int
  /// The workload whose time for one operation this one's is divided by.
  let yardstick: String?
  /// Threads that need a processor of their own.
  let threads: Int
  /// Whether it can time its operations one by one.
  let hasLatencies: Bool
  let gate: Gate
  /// Whether its set-up and a few iterations take well under a second.
  let isBrief: Bool
  /// Sets up, has the stopwatch time so many iterations, and checks what came out.
  let run: @Sendable (Int, inout Stopwatch) throws -> Void

  init(
    _ name: String, unit: String, operations: Int = 1, yardstick: String? = nil, threads: Int = 1,
    hasLatencies: Bool = false, gate: Gate = .none, isBrief: Bool = true,
    run: @escaping @Sendable (Int, inout Stopwatch) throws -> Void
  ) {
    self.name = name
    self.unit = unit
    self.operations = operations
    self.yardstick = yardstick
    self.threads = threads
    self.hasLatencies = hasLatencies
    self.gate = gate
    self.isBrief = isBrief
    self.run = run
  }
}

/// A workload that did not do what it measures.
struct WorkloadError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Keeps the optimiser from dropping the computation of a value.
@inline(never)
func keep<Value>(_ value: borrowing Value) {}

/// Seeded uniform numbers for inputs: Knuth's 64-bit linear congruential generator.
struct UniformNumbers {
  var state: UInt64

  /// The next number of [0, 1).
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}
