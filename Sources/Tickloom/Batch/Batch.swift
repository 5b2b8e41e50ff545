internal import LoomCore
public import LoomFeatures
public import LoomSystem

/// Many symbols at once: ticks or bars in; bars, features, counters and versions out.
///
/// It stands beside the stream of a ``Pipeline`` for data that is already there. Every symbol is
/// worked on by itself, with stages of its own, on as many threads as there are cores; one that is
/// bad gets an error and changes nothing for the others. The result has the same bytes for any
/// number of workers.
///
/// It equals that of `tickloom run`, or of a pipeline over all ticks merged by time, where each
/// symbol's ticks are in order of time (or late ones are, by its own latest time, within the
/// lateness) and the inputs are in order of their first ticks. Two things differ: sequences count
/// each symbol's inputs by themselves, so that `firstSequence − 1` is a place among its ticks; and a
/// symbol's ticks are late by that symbol's own times alone, since nobody else's can move a clock.
public struct Batch<Members: Feature>: Sendable {
  /// The settings.
  public let configuration: PipelineConfiguration
  private let makeFeatures: @Sendable () -> FeatureSet<Members>

  /// Creates a batch with features of your own.
  ///
  /// - Parameters:
  ///   - configuration: The settings of the stages.
  ///   - features: Makes the feature set of one symbol; called on the workers.
  public init(
    configuration: PipelineConfiguration, features: @escaping @Sendable () -> FeatureSet<Members>
  ) {
    self.configuration = configuration
    makeFeatures = features
  }

  /// Works on all inputs and waits for the end.
  ///
  /// - Parameters:
  ///   - inputs: The symbols; their places are their identifiers.
  ///   - workers: Threads to use, the calling one among them, at least 1; nil takes the cores.
  ///   - cancellation: Looked at after each few hundred ticks.
  ///   - onVersion: Takes every version with its matrix, on the calling thread, in order.
  /// - Returns: One result or error per input, and the versions over the results.
  /// - Throws: ``BatchError``; nothing of the inputs leads to it.
  /// - Complexity: O(ticks + features · bars) spread over the workers, then O(symbols²) per row.
  public func process(
    _ inputs: [BatchInput], workers: Int? = nil, cancellation: Cancellation = Cancellation(),
    onVersion: ((borrowing HeldVersion) -> Void)? = nil
  ) throws(BatchError) -> BatchResult {
    let start = MonotonicClock.nanoseconds
    precondition(workers ?? 1 >= 1, "\(workers ?? 0) workers")
    do {
      var versions = try BatchVersions(configuration: configuration)
      let count = min(workers ?? Environment.processorCount, max(1, inputs.count))
      var result = BatchResult(
        symbols: symbols(inputs, workers: count, cancellation), featureNames: makeFeatures().names,
        workers: count)
      let good = result.symbols.compactMap { try? $0.get() }
      if good.count(where: { $0.features.rowCount > 0 }) >= 2, !cancellation.isRequested {
        try versions.publish(good, cancellation: cancellation, onVersion: onVersion)
        result.take(versions)
      }
      if cancellation.isRequested { throw BatchError.cancelled }
      result.nanoseconds = MonotonicClock.nanoseconds - start
      return result
    } catch let error as CoreError {
      throw .core(error)
    } catch {
      throw .cancelled
    }
  }

  private typealias Outcome = (place: Int, result: Result<BatchSymbol, BatchSymbolError>)

  /// The results of all inputs in their order; some are missing where it was cancelled.
  private func symbols(
    _ inputs: [BatchInput], workers: Int, _ cancellation: Cancellation
  ) -> [Result<BatchSymbol, BatchSymbolError>] {
    let refusals = Self.refusals(inputs)
    let turns = BatchTurns(inputs)
    let job = BatchJob(
      configuration: configuration.normalization, makeFeatures: makeFeatures,
      cancellation: cancellation)
    let work: @Sendable () -> [Outcome] = {
      var outcomes: [Outcome] = []
      while !cancellation.isRequested, let place = turns.take() {
        outcomes.append((place, Self.run(inputs[place], place, job, refusals[place])))
      }
      return outcomes
    }
    var outcomes = Self.onThreads(workers, work)
    outcomes.sort { $0.place < $1.place }
    return outcomes.map(\.result)
  }

  private static func run(
    _ input: BatchInput, _ place: Int, _ job: BatchJob<Members>, _ refusal: BatchSymbolError?
  ) -> Result<BatchSymbol, BatchSymbolError> {
    if let refusal { return .failure(refusal) }
    return Result { () throws(BatchSymbolError) in
      try job.run(input, symbol: SymbolID(rawValue: UInt32(place)))
    }
  }

  /// Runs `work` on this thread and on `count − 1` others, fewer where the system gives no more.
  private static func onThreads(
    _ count: Int, _ work: @escaping @Sendable () -> [Outcome]
  ) -> [Outcome] {
    guard count > 1,
      let other = try? Worker<[Outcome], Never>(name: "tickloom-batch", work)
    else { return work() }
    let outcomes = onThreads(count - 1, work)
    return outcomes + other.join()
  }

  /// What is wrong with the names, by place.
  private static func refusals(_ inputs: [BatchInput]) -> [BatchSymbolError?] {
    var places: [String: Int] = [:]
    return inputs.enumerated().map { place, input in
      if input.name.isEmpty { return .emptyName }
      if let first = places[input.name] { return .duplicateName(firstPlace: first) }
      places[input.name] = place
      return nil
    }
  }
}

extension Batch where Members == StandardFeatures {
  /// Creates a batch with the default features.
  public init(configuration: PipelineConfiguration) {
    self.init(configuration: configuration) { .standard() }
  }
}
