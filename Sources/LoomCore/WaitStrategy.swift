internal import CLoomCore
internal import Glibc

/// What a thread does while it has nothing to do.
public enum WaitStrategy: Hashable, Sendable, CaseIterable {
  /// Looks again at once: the shortest delay, for a processor core of its own.
  case spin
  /// Lets other threads run before it looks again.
  case yield
  /// Looks again at growing distances, up to a millisecond: next to no load while nothing happens.
  case park
}

/// Waits as a ``WaitStrategy`` says, longer with every turn in vain; nobody has to wake it.
public struct Waiter: Sendable {
  private let strategy: WaitStrategy
  private var turns = 0

  private static let spinsBeforeYield = 100
  private static let turnsBeforePark = 120
  private static let shortestNanoseconds = 20_000
  private static let longestNanoseconds = 1_000_000

  /// Creates a waiter that has not waited.
  public init(_ strategy: WaitStrategy) { self.strategy = strategy }

  /// Begins again with the shortest distance: there was something to do.
  public mutating func reset() { turns = 0 }

  /// Waits one turn.
  public mutating func wait() {
    switch strategy {
    case .spin: loom_pause()
    case .yield: sched_yield()
    case .park: park()
    }
  }

  private mutating func park() {
    turns += 1
    if turns < Self.spinsBeforeYield { return loom_pause() }
    if turns < Self.turnsBeforePark {
      sched_yield()
      return
    }
    let doublings = min(turns - Self.turnsBeforePark, 16)
    let nanoseconds = min(Self.shortestNanoseconds << doublings, Self.longestNanoseconds)
    var time = timespec(tv_sec: 0, tv_nsec: nanoseconds)
    // A wait for no file at all ends with its time, or with a signal.
    unsafe pselect(0, nil, nil, nil, &time, nil)
  }
}
