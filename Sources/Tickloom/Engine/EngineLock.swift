internal import Glibc
internal import LoomSystem
internal import Synchronization

/// A lock around the core that a thread which takes it without a pause shares with others.
final class EngineLock<Core: ~Copyable>: Sendable {
  private let core: Lock<Core>
  /// Threads that wait for the core, or have it, beside the one that does the cycles.
  private let others = Atomic(0)

  init(_ core: consuming sending Core) { self.core = Lock(core) }

  func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Core) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    // Relaxed, both: a hint to give way; the lock orders what counts.
    others.add(1, ordering: .relaxed)
    defer { others.subtract(1, ordering: .relaxed) }
    return try core.withLock(body)
  }

  private static var turnsGivenWay: Int { 100 }

  /// The same for the thread that does the cycles, which gives way first, but not for ever.
  func withLockBetweenOthers<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Core) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    for _ in 0..<Self.turnsGivenWay where others.load(ordering: .relaxed) > 0 { sched_yield() }
    return try core.withLock(body)
  }
}
