internal import LoomSystem
internal import Synchronization

/// How far the inputs have come at each level, what else is to be kept, and who waits for that.
final class JournalProgress: Sendable {
  private struct Waiting {
    let level: Durability
    let sequence: UInt64
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var failure: JournalError?
    var isClosed = false
    /// Inputs that were never kept.
    var gaps: [ClosedRange<UInt64>] = []
  }

  private let taken = Atomic<UInt64>(0)
  private let written = Atomic<UInt64>(0)
  private let synced = Atomic<UInt64>(0)
  private let state = Lock(State())
  private let end = Atomic(false)
  private let failing = Atomic(false)
  private let notes = Lock<[JournalNote]>([])
  private let keptNotes = Atomic(0)
  private let noteCount = Atomic(0)

  /// Whether the thread is to end once everything is kept.
  var isToEnd: Bool {
    // Acquiring, with the releasing store: what was appended before is in the ring.
    end.load(ordering: .acquiring)
  }

  func askToEnd() { end.store(true, ordering: .releasing) }

  /// The store holds everything up to `sequence` from an earlier time.
  func begin(behind sequence: UInt64, _ durability: Durability) {
    // Relaxed: the thread that asks for it has waited for the store to be open.
    taken.store(sequence, ordering: .relaxed)
    reached(durability, through: sequence)
  }

  /// The last sequence at a level.
  func sequence(at level: Durability) -> UInt64 {
    // Acquiring: whoever sees that it is kept may look for it in the file.
    switch level {
    case .memory: taken.load(ordering: .acquiring)
    case .os: written.load(ordering: .acquiring)
    case .disk: synced.load(ordering: .acquiring)
    }
  }

  func took(through sequence: UInt64) { taken.store(sequence, ordering: .releasing) }

  // MARK: What comes beside the inputs

  /// Takes a note; whether it has a place of its own.
  func note(_ note: JournalNote) -> Bool {
    let isNew = notes.withLock { notes in
      // Of a number only the last counts.
      if case .counter(let new) = note {
        let place = notes.lastIndex { other in
          guard case .counter(let old) = other else { return false }
          return (old.source, old.symbol, old.reason) == (new.source, new.symbol, new.reason)
        }
        if let place {
          notes[place] = note
          return false
        }
      }
      notes.append(note)
      return true
    }
    if !isNew { return false }
    // Releasing, with the acquiring load: whoever sees the number finds the note, and whoever pops
    // an input from the ring that was pushed later sees the number.
    noteCount.add(1, ordering: .releasing)
    return true
  }

  /// The notes that have come since the last call.
  func takeNotes() -> [JournalNote] {
    // Acquiring: see `note`.
    if noteCount.load(ordering: .acquiring) == 0 { return [] }
    return notes.withLock { notes in
      defer { notes = [] }
      // Relaxed: under the lock; one that is on its way is counted again.
      noteCount.subtract(notes.count, ordering: .relaxed)
      return notes
    }
  }

  /// How many notes are kept.
  var notesKept: Int {
    // Acquiring, with the releasing store: as of a sequence.
    keptNotes.load(ordering: .acquiring)
  }

  func kept(notes count: Int) { keptNotes.store(count, ordering: .releasing) }

  // MARK: Failures

  /// Whether nothing can be kept for now; see ``failure``.
  var isFailing: Bool {
    // Relaxed: whoever acts on it a moment late has only filled the ring.
    failing.load(ordering: .relaxed)
  }

  var failure: JournalError? { state.withLock { $0.failure } }

  /// Nothing can be kept, for this reason, until it says otherwise.
  func fail(_ error: JournalError) {
    state.withLock { $0.failure = error }
    // Relaxed: the reason has its own lock.
    failing.store(true, ordering: .relaxed)
  }

  /// What was to be kept is kept again.
  func recover() {
    state.withLock { $0.failure = nil }
    // Relaxed: as in `fail`.
    failing.store(false, ordering: .relaxed)
  }

  /// Inputs that are known never to be kept.
  func missed(_ sequences: ClosedRange<UInt64>) {
    state.withLock { state in
      if let last = state.gaps.last, last.upperBound >= sequences.lowerBound - 1,
        last.lowerBound <= sequences.lowerBound
      {
        let end = max(last.upperBound, sequences.upperBound)
        state.gaps[state.gaps.count - 1] = last.lowerBound...end
      } else {
        state.gaps.append(sequences)
      }
    }
  }

  func isMissing(_ sequence: UInt64) -> Bool {
    state.withLock { state in state.gaps.contains { $0.contains(sequence) } }
  }

  // MARK: Levels

  /// Everything up to `sequence` is kept at `level`, and at those below.
  func reached(_ level: Durability, through sequence: UInt64) {
    // Releasing: the commit comes before.
    written.store(sequence, ordering: .releasing)
    if level == .disk { synced.store(sequence, ordering: .releasing) }
    let woken = state.withLock { state in
      if state.waiting.isEmpty { return [] as [Waiting] }
      let reached = state.waiting.filter { $0.level <= level && $0.sequence <= sequence }
      state.waiting.removeAll { $0.level <= level && $0.sequence <= sequence }
      return reached
    }
    for waiting in woken { resume(waiting) }
  }

  private func resume(_ waiting: Waiting) {
    if isMissing(waiting.sequence) {
      waiting.continuation.resume(throwing: JournalError.notKept(sequence: waiting.sequence))
    } else {
      waiting.continuation.resume()
    }
  }

  /// Nothing more will be kept, for this reason; nil where it was closed.
  func end(_ failure: JournalError?) {
    let woken = state.withLock { state in
      state.failure = failure ?? state.failure
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting.map(\.continuation)
    }
    for continuation in woken { continuation.resume(throwing: failure ?? .closed) }
  }

  func wait(for level: Durability, _ sequence: UInt64) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let answer: Result<Void, any Error>? = state.withLock { state in
        if state.gaps.contains(where: { $0.contains(sequence) }) {
          return .failure(JournalError.notKept(sequence: sequence))
        }
        if self.sequence(at: level) >= sequence { return .success(()) }
        if state.isClosed { return .failure(state.failure ?? .closed) }
        state.waiting.append(
          Waiting(level: level, sequence: sequence, continuation: continuation))
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
  }
}
