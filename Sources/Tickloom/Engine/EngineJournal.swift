internal import LoomCore
internal import LoomJournal

/// An engine's end of its journal: inputs go in as they are numbered, and where they are to be kept
/// first, come out again once they are.
struct EngineJournal: ~Copyable {
  let journal: Journal
  let settings: EngineJournalConfiguration
  private var input: JournalInput
  /// What was numbered and waits to be kept, with the moves of the clock behind it; strict only.
  private var held: HeldInputs?
  /// Inputs that went on unkept.
  private(set) var unkept: UInt64 = 0
  /// The last input that went on into the pipeline.
  private(set) var dispatched: UInt64
  /// How many moves of the market clock the store has, and the pipeline has seen.
  private var passedEvents: Int
  private var lastSnapshot: UInt64
  /// Whether a gap came since the last snapshot, which no replay goes through.
  private var hasGap = false

  /// Opens the store of `settings`, behind `point` where it goes on.
  init(
    _ settings: EngineJournalConfiguration, _ configuration: StoreConfiguration,
    resuming point: StoreResumption?
  ) throws {
    journal = try Journal(
      path: settings.path, configuration: configuration, options: settings.options,
      resuming: point)
    guard let input = journal.input() else { preconditionFailure("its input is taken") }
    self.input = input
    self.settings = settings
    if settings.dispatch == .strict { held = HeldInputs(capacity: settings.options.capacity) }
    (dispatched, lastSnapshot) = (point?.lastSequence ?? 0, point?.snapshot?.sequence ?? 0)
    passedEvents = point?.passedClockEvents ?? 0
  }

  /// Whether no tick may be taken, as nothing can be kept.
  var isHalting: Bool { settings.onFailure == .halt && journal.isFailing }

  /// How many ticks may be numbered now.
  var room: Int {
    let isUnkept = journal.isFailing
    if isUnkept, settings.onFailure == .halt { return 0 }
    return min(isUnkept ? .max : input.room, held?.room ?? .max)
  }

  /// Takes ticks as they are numbered, of which there is room for all.
  mutating func keep(_ ticks: Span<SequencedTick>) {
    let count = input.append(ticks)
    if count == ticks.count { return }
    input.leaveOut(ticks[count].sequence...ticks[ticks.count - 1].sequence)
    unkept += UInt64(ticks.count - count)
    hasGap = true
  }

  // MARK: What waits to be kept

  /// Whether inputs wait to be kept before they go on.
  var isStrict: Bool { held != nil }

  /// Whether any do.
  var isHolding: Bool { held.map { !$0.isEmpty } ?? false }

  /// Has ticks wait until they are kept.
  mutating func hold(_ ticks: Span<SequencedTick>) { held?.append(ticks) }

  /// Moves the clock behind what was numbered last, `sequence`; false where that is to wait.
  mutating func move(clock moment: Timestamp, after sequence: UInt64) -> Bool {
    // While nothing can be kept, nothing is taken, and a later move says the same.
    if isHalting || moment <= held?.lastMoment ?? .distantPast { return false }
    input.append(clock: ClockEvent(afterSequence: sequence, time: moment))
    guard isStrict else {
      passedEvents += 1
      return true
    }
    held?.append(clock: moment, after: sequence, note: input.notesGiven)
    return false
  }

  /// Hands over what is kept by now, in order; all where it goes on unkept.
  ///
  /// `newest` was numbered last.
  mutating func release(
    through newest: UInt64,
    _ take: (Span<SequencedTick>) throws -> Void, _ move: (Timestamp) throws -> Void
  ) rethrows {
    let isUnkept = journal.isFailing && settings.onFailure == .continueUnjournaled
    let last = isUnkept ? .max : journal.sequence(at: settings.options.durability)
    let kept = journal
    let events =
      try held?.release(through: last, isKept: { isUnkept || kept.isKept(notes: $0) }, take, move)
      ?? 0
    passedEvents += events
    dispatched = held?.firstSequence.map { $0 - 1 } ?? newest
  }

  /// Ticks up to `sequence` went on.
  mutating func dispatch(through sequence: UInt64) { dispatched = sequence }

  /// Gives up what waits to be kept, and returns how many of each symbol that are.
  mutating func giveUp() -> [(symbol: SymbolID, count: Int)] { held?.giveUp() ?? [] }

  // MARK: History

  /// Has all that waits go on first; history goes on at once.
  mutating func beginHistory() {
    precondition(!isHolding, "history after live ticks")
  }

  /// Keeps ticks of history, waiting for room.
  ///
  /// - Throws: Why nothing can be kept, unless they go on all the same.
  mutating func keepWaiting(_ ticks: Span<SequencedTick>) throws {
    var (taken, waiter) = (0, Waiter(.park))
    while taken < ticks.count {
      let count = input.append(ticks.extracting(taken...))
      taken += count
      if count > 0 {
        waiter.reset()
        continue
      }
      if journal.isFailing {
        if settings.onFailure == .halt, let error = journal.failure { throw error }
        unkept += UInt64(ticks.count - taken)
        hasGap = true
        return
      }
      waiter.wait()
    }
  }

  // MARK: Beside the inputs

  mutating func register(_ symbol: SymbolID, _ name: String) {
    input.register(symbol, name: name)
  }

  mutating func register(_ source: SourceID, _ name: String) {
    input.register(source, name: name)
  }

  mutating func retire(_ symbol: SymbolID, after sequence: UInt64) {
    input.append(retired: symbol, after: sequence)
  }

  mutating func put(_ counter: StoreCounter) { input.put(counter) }

  /// Whether it is time for a snapshot behind `sequence`.
  func isSnapshotDue(behind sequence: UInt64) -> Bool {
    let every = UInt64(settings.snapshotEvery)
    if every == 0 || journal.isFailing { return false }
    return hasGap || sequence >= lastSnapshot + every
  }

  mutating func append(
    snapshot state: [UInt8], behind sequence: UInt64, at time: Timestamp
  ) {
    (lastSnapshot, hasGap) = (sequence, false)
    input.append(
      StoreSnapshot(
        sequence: sequence, state: state, passedClockEvents: passedEvents, time: time))
  }
}
