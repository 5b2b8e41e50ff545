internal import LoomSystem
internal import Synchronization

/// How far the inputs have come at each level, and who waits for that.
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
  }

  private let taken = Atomic<UInt64>(0)
  private let written = Atomic<UInt64>(0)
  private let synced = Atomic<UInt64>(0)
  private let state = Lock(State())
  private let end = Atomic(false)

  /// Whether the thread is to end once everything is kept.
  var isToEnd: Bool {
    // Acquiring, with the releasing store: what was appended before is in the ring.
    end.load(ordering: .acquiring)
  }

  func askToEnd() { end.store(true, ordering: .releasing) }

  /// The last sequence at a level.
  func sequence(at level: Durability) -> UInt64 {
    // Acquiring: whoever sees that it is kept may look for it in the file.
    switch level {
    case .memory: taken.load(ordering: .acquiring)
    case .os: written.load(ordering: .acquiring)
    case .disk: synced.load(ordering: .acquiring)
    }
  }

  var failure: JournalError? { state.withLock { $0.failure } }

  func took(through sequence: UInt64) { taken.store(sequence, ordering: .releasing) }

  /// Everything up to `sequence` is kept at `level`, and at those below.
  func reached(_ level: Durability, through sequence: UInt64) {
    // Releasing: the commit comes before.
    written.store(sequence, ordering: .releasing)
    if level == .disk { synced.store(sequence, ordering: .releasing) }
    let woken = state.withLock { state in
      let reached = state.waiting.filter { $0.level <= level && $0.sequence <= sequence }
      state.waiting.removeAll { $0.level <= level && $0.sequence <= sequence }
      return reached.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Nothing more will be kept, for this reason; nil where it was closed.
  func end(_ failure: JournalError?) {
    let woken = state.withLock { state in
      state.failure = state.failure ?? failure
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting.map(\.continuation)
    }
    for continuation in woken { continuation.resume(throwing: failure ?? .closed) }
  }

  func wait(for level: Durability, _ sequence: UInt64) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let answer: Result<Void, any Error>? = state.withLock { state in
        if self.sequence(at: level) >= sequence { return .success(()) }
        if let failure = state.failure { return .failure(failure) }
        if state.isClosed { return .failure(JournalError.closed) }
        state.waiting.append(
          Waiting(level: level, sequence: sequence, continuation: continuation))
        return nil
      }
      if let answer { continuation.resume(with: answer) }
    }
  }
}
