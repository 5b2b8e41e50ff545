internal import LoomSystem
internal import Synchronization

/// Whether an engine takes ticks: looked at by every feed with each push.
final class FeedSwitch: Sendable {
  enum State: UInt8 {
    case open
    case halted
    case stopped
  }

  private let raw = Atomic<UInt8>(State.open.rawValue)
  private let reason = Lock<String?>(nil)

  var state: State {
    // Relaxed: a feed that sees it a moment late pushes what the engine counts as refused.
    State(rawValue: raw.load(ordering: .relaxed)) ?? .stopped
  }

  private let suspension = Lock<String?>(nil)

  /// Why it was halted; nil where it was not.
  var haltReason: String? { reason.withLock { $0 } ?? suspension.withLock { $0 } }

  /// Refuses ticks from now on; the first reason stays, and whether this is it is returned.
  @discardableResult
  func halt(_ text: String) -> Bool {
    let isFirst = reason.withLock { reason in
      if reason != nil { return false }
      reason = text
      return true
    }
    // Relaxed, both: the reason has its own lock; a switch that is stopped stays so.
    _ = raw.compareExchange(
      expected: State.open.rawValue, desired: State.halted.rawValue, ordering: .relaxed)
    return isFirst
  }

  /// Refuses ticks until ``resume()``; whether that is new is returned.
  @discardableResult
  func suspend(_ text: String) -> Bool {
    let isNew = suspension.withLock { suspension in
      defer { suspension = text }
      return suspension == nil
    }
    // Relaxed: as in `halt`.
    _ = raw.compareExchange(
      expected: State.open.rawValue, desired: State.halted.rawValue, ordering: .relaxed)
    return isNew
  }

  /// Takes ticks again that it refused for a while, unless it was halted; whether it did refuse them
  /// is returned.
  @discardableResult
  func resume() -> Bool {
    let wasSuspended = suspension.withLock { suspension in
      defer { suspension = nil }
      return suspension != nil
    }
    // Under its lock, so that a halt comes before or after.
    reason.withLock { reason in
      if reason != nil || !wasSuspended { return }
      // Relaxed: as in `halt`.
      _ = raw.compareExchange(
        expected: State.halted.rawValue, desired: State.open.rawValue, ordering: .relaxed)
    }
    return wasSuspended
  }

  /// Takes no tick from now on, for good; whether that is new is returned.
  @discardableResult
  func stop() -> Bool {
    // Relaxed: see `state`.
    raw.exchange(State.stopped.rawValue, ordering: .relaxed) != State.stopped.rawValue
  }
}
