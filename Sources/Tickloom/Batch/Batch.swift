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
  ///   - configuration: The settings of the stages, taken without corrections.
  ///   - features: Makes a feature set, of which each symbol has a copy; called on the workers.
  public init(
    configuration: PipelineConfiguration, features: @escaping @Sendable () -> FeatureSet<Members>
  ) {
    self.configuration = configuration.withoutCorrections
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
  /// - Complexity: O(ticks + features · bars) spread over the workers; O(symbols²) per row on one.
  public func process(
    _ inputs: [BatchInput], workers: Int? = nil, cancellation: Cancellation = Cancellation(),
    onVersion: ((borrowing HeldVersion) -> Void)? = nil
  ) throws(BatchError) -> BatchResult {
    let start = MonotonicClock.nanoseconds
    precondition(workers ?? 1 >= 1, "\(workers ?? 0) workers")
    do {
      var versions = try BatchVersions(configuration: configuration)
      let workers = BatchWorkers(
        count: min(workers ?? Environment.processorCount, max(1, inputs.count)),
        cancellation: cancellation)
      let symbols = bars(inputs, workers)
      if cancellation.isRequested { throw BatchError.cancelled }
      // Versions need all bars, one row after another, but no features: those are made beside them.
      var failure: CoreError?
      let complete = features(symbols, workers) {
        do throws(CoreError) {
          try versions.publish(symbols, cancellation: cancellation, onVersion: onVersion)
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      if cancellation.isRequested { throw BatchError.cancelled }
      var result = BatchResult(
        symbols: complete, featureNames: makeFeatures().names, workers: workers.count)
      result.take(versions)
      result.nanoseconds = MonotonicClock.nanoseconds - start
      return result
    } catch let error as CoreError {
      throw .core(error)
    } catch {
      throw .cancelled
    }
  }

  private typealias Outcome = Result<BatchSymbol, BatchSymbolError>

  /// The symbols without their features, in order of the inputs.
  private func bars(_ inputs: [BatchInput], _ workers: BatchWorkers) -> [Outcome] {
    let refusals = Self.refusals(inputs)
    let normalization = configuration.normalization
    let job = BatchBarJob(configuration: normalization, cancellation: workers.cancellation)
    return workers.map(
      sizes: inputs.map(\.expectedCount), with: { BatchStages(configuration: normalization) }
    ) { place, stages in
      if let refusal = refusals[place] { return .failure(refusal) }
      do throws(BatchSymbolError) {
        let symbol = SymbolID(rawValue: UInt32(place))
        return .success(try job.run(inputs[place], symbol: symbol, stages: &stages))
      } catch {
        return .failure(error)
      }
    }
  }

  /// The symbols with their features.
  private func features(
    _ symbols: [Outcome], _ workers: BatchWorkers, meanwhile: () -> Void
  ) -> [Outcome] {
    let job = BatchFeatureJob<Members>(cancellation: workers.cancellation)
    let sizes = symbols.map { (try? $0.get())?.bars.count ?? 0 }
    return workers.map(sizes: sizes, with: makeFeatures, meanwhile: meanwhile) { place, empty in
      symbols[place].map { [empty] in job.run($0, empty: empty) }
    }
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
