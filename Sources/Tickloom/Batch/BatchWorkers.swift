internal import LoomSystem

/// The threads of a batch, the calling one among them.
struct BatchWorkers {
  let count: Int
  let cancellation: Cancellation

  /// Calls `work` with each place of `sizes`, the largest first.
  ///
  /// - Parameters:
  ///   - sizes: How much there is to do at each place.
  ///   - makeTools: Makes what one thread uses for all of its places.
  ///   - meanwhile: What the calling thread does before it joins in.
  ///   - work: What is to be done for a place.
  /// - Returns: What it made, in order; some is missing where the batch was cancelled.
  func map<Tools: ~Copyable, Value: Sendable>(
    sizes: [Int], with makeTools: @escaping @Sendable () -> Tools, meanwhile: () -> Void = {},
    _ work: @escaping @Sendable (Int, inout Tools) -> Value
  ) -> [Value] {
    let turns = BatchTurns(sizes: sizes)
    let cancellation = cancellation
    let takeTurns: @Sendable () -> [(place: Int, value: Value)] = {
      var tools = makeTools()
      var results: [(place: Int, value: Value)] = []
      while !cancellation.isRequested, let place = turns.take() {
        results.append((place, work(place, &tools)))
      }
      return results
    }
    var results = Self.onThreads(count, meanwhile, takeTurns)
    results.sort { $0.place < $1.place }
    return results.map(\.value)
  }

  /// Runs `work` on this thread, after `first`, and on `count − 1` others, fewer where the system
  /// gives no more.
  private static func onThreads<Result: Sendable>(
    _ count: Int, _ first: () -> Void, _ work: @escaping @Sendable () -> [Result]
  ) -> [Result] {
    guard count > 1, let other = try? Worker<[Result], Never>(name: "tickloom-batch", work) else {
      first()
      return work()
    }
    let results = onThreads(count - 1, first, work)
    return results + other.join()
  }
}
