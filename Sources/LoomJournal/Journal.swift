internal import LoomCore
internal import LoomSystem

/// Keeps sequenced inputs in a ``Store``, on a thread of its own behind a ring.
///
/// Inputs that come within ``JournalOptions/interval`` share a commit. How far they have come is told
/// by level; nothing is said to be kept that is not. Where nothing can be written it says why, keeps
/// what it was given at hand, and tries again several times a second. Any thread may ask.
public final class Journal: Sendable {
  /// How it keeps.
  public let options: JournalOptions
  private let progress = JournalProgress()
  private let ends: Lock<Ends>

  private struct Ends: ~Copyable {
    var worker: Worker<Void, JournalError>?
    var input: JournalInput?
  }

  /// Makes the store at `path` and starts the thread.
  ///
  /// - Parameters:
  ///   - path: The file; see ``Store``.
  ///   - configuration: What the run is.
  ///   - options: How it keeps.
  ///   - resumption: Where it goes on in a store that is there; nil makes one.
  /// - Throws: ``JournalError``; ``LoomCore/CoreError``, ``LoomSystem/SystemError`` where memory is
  ///   short or no thread can be started.
  public init(
    path: String, configuration: StoreConfiguration, options: JournalOptions,
    resuming resumption: StoreResumption? = nil
  ) throws {
    self.options = options
    let ring = try RecordRing<SequencedTick>(capacity: options.capacity)
    let opened = Channel<JournalError?>(capacity: 1)
    var thread = JournalThread(path, configuration, options, progress, ring.consumer)
    let worker = try Worker<Void, JournalError>(name: "tickloom-journal") {
      () throws(JournalError) in try thread.run(resumption, opened)
    }
    let input = JournalInput(ring.producer, capacity: options.capacity, progress)
    ends = Lock(Ends(worker: worker, input: input))
    if let error = opened.receive() ?? nil { throw error }
  }

  // The worker, which goes away right after, waits for its thread.
  deinit { progress.askToEnd() }

  /// The end into which inputs are appended; nil the second time.
  public func input() -> JournalInput? { ends.withLock { $0.input.take() } }

  /// The last sequence that is kept at `level`; 0 before there is one.
  ///
  /// - Complexity: O(1), wait-free.
  public func sequence(at level: Durability) -> UInt64 { progress.sequence(at: level) }

  /// The highest level at which the input of a sequence is kept; nil where it has not come, or was
  /// left out while nothing could be kept.
  public func level(of sequence: UInt64) -> Durability? {
    if progress.isMissing(sequence) { return nil }
    return Durability.allCases.last { progress.sequence(at: $0) >= sequence }
  }

  /// Whether so many of the first notes beside the inputs are kept.
  package func isKept(notes count: Int) -> Bool { progress.notesKept >= count }

  /// Waits until the input of a sequence is kept at `level`.
  ///
  /// - Throws: ``JournalError``: why it will never be.
  public func reached(_ level: Durability, _ sequence: UInt64) async throws {
    try await progress.wait(for: level, sequence)
  }

  /// Whether nothing can be kept now; ``failure`` says why.
  ///
  /// - Complexity: O(1), wait-free.
  public var isFailing: Bool { progress.isFailing }

  /// Why nothing can be kept now; nil while it keeps what it is given.
  public var failure: JournalError? { progress.failure }

  /// Keeps what was appended, marks the run as finished, and ends the thread; safe to call twice.
  ///
  /// - Throws: Why what was appended cannot be kept.
  public func close() throws(JournalError) {
    progress.askToEnd()
    let worker = ends.withLock { $0.worker.take() }
    try worker?.join()
  }
}
