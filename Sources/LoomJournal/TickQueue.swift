public import LoomCore
internal import LoomSystem

/// A durable queue of ticks for callers that have them one by one, on any thread.
///
/// Ticks get their sequence in the order in which they come, and go to a ``Store`` in group commits, on
/// a thread of the queue's own. `tickloom replay`, `query` and the other commands read it.
///
/// ```swift
/// let queue = try TickQueue(path: "ticks.db")
/// let sequence = try queue.enqueue(tick, of: "EURUSD")
/// try await queue.reached(.disk, sequence)
/// ```
public final class TickQueue: Sendable {
  private struct State: ~Copyable {
    var input: JournalInput
    var symbols: SymbolTable
    var sequence: UInt64
    var isClosed = false
  }

  private let journal: Journal
  private let state: Lock<State>

  /// Opens the queue in the file at `path`, behind what it holds; makes the file where there is none.
  ///
  /// - Parameters:
  ///   - path: The file; see ``Store``.
  ///   - options: How it keeps; nil keeps on the disk within 5 ms.
  ///   - source: The name of the feed.
  ///   - program: The program that the store's manifest names.
  /// - Throws: ``JournalError`` where the file holds something else, is being written, or cannot be;
  ///   ``LoomCore/CoreError``, ``LoomSystem/SystemError`` where memory is short or no thread can be
  ///   started.
  public init(
    path: String, options: JournalOptions? = nil, source: String = "queue",
    program: String = "TickQueue"
  ) throws {
    let point = StoreFile.isNothing(path) ? nil : try StoreResumption(path: path)
    let configuration = StoreConfiguration(
      text: "", timeframe: .second, featureNames: [],
      manifest: StoreManifest(program: program, inputs: source))
    journal = try Journal(
      path: path, configuration: configuration,
      options: try options ?? JournalOptions(durability: .disk), resuming: point)
    guard var input = journal.input() else { preconditionFailure("its input is taken") }
    if point?.sources.isEmpty ?? true { input.register(SourceID(rawValue: 0), name: source) }
    var symbols = SymbolTable()
    for name in point?.symbols ?? [] { _ = symbols.register(name) }
    state = Lock(
      State(input: input, symbols: symbols, sequence: point?.lastSequence ?? 0))
  }

  /// Puts a tick at the end, and returns its sequence, which counts from 1.
  ///
  /// It is in memory then; ``level(of:)`` and ``reached(_:_:)`` tell of more. Where the queue is full it
  /// waits for room.
  ///
  /// - Parameters:
  ///   - tick: The tick; its symbol and its feed are those of the queue.
  ///   - symbol: The name of its symbol, not empty.
  /// - Returns: Its sequence.
  /// - Throws: ``JournalError``: why nothing can be kept, once no room is left; ``JournalError/closed``.
  ///   The tick is not in the queue then.
  public func enqueue(_ tick: Tick, of symbol: String) throws(JournalError) -> UInt64 {
    precondition(!symbol.isEmpty, "a symbol without a name")
    return try state.withLock { state throws(JournalError) in
      if state.isClosed { throw .closed }
      var tick = tick
      tick.symbol = Self.identifier(of: symbol, &state)
      tick.source = SourceID(rawValue: 0)
      let record: InlineArray<1, SequencedTick> = [
        SequencedTick(sequence: state.sequence + 1, tick: tick)
      ]
      var waiter = Waiter(.park)
      while state.input.append(record.span) == 0 {
        if let failure = journal.failure { throw failure }
        waiter.wait()
      }
      state.sequence += 1
      return state.sequence
    }
  }

  private static func identifier(of name: String, _ state: inout State) -> SymbolID {
    if let known = state.symbols[name] { return known }
    let new = state.symbols.register(name)
    state.input.register(new, name: name)
    return new
  }

  /// The highest level at which the tick of a sequence is kept; nil where it has not come.
  public func level(of sequence: UInt64) -> Durability? { journal.level(of: sequence) }

  /// Waits until the tick of a sequence is kept at `level`.
  ///
  /// - Throws: ``JournalError``: why it never will be.
  public func reached(_ level: Durability, _ sequence: UInt64) async throws {
    try await journal.reached(level, sequence)
  }

  /// Why nothing can be kept now; nil while it keeps what it is given.
  public var failure: JournalError? { journal.failure }

  /// Keeps what was put in and ends; safe to call twice.
  ///
  /// - Throws: Why it cannot be kept.
  public func close() throws(JournalError) {
    state.withLock { $0.isClosed = true }
    try journal.close()
  }
}
