/// One side of a comparison, with its input in memory.
struct Job {
  /// Does the work once, or a stated number of times, and takes the time of that alone.
  let time: () throws -> Timing
  /// Does the work once and flattens what came out, in the order all sides agree on.
  let answer: () throws -> [Double]
}

/// How long so many operations took.
struct Timing {
  let nanoseconds: Int64
  let operations: Int

  init(operations: Int, _ body: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    try body()
    let duration = ContinuousClock.now - start
    nanoseconds =
      duration.components.seconds * 1_000_000_000
      + duration.components.attoseconds / 1_000_000_000
    self.operations = operations
  }
}
