internal import LoomSystem
internal import Synchronization

/// How a sink of diagnostics fares: written by its thread and by those who tell, read by any.
final class SinkState: Sendable {
  private let handled = Atomic<Int>(0)
  private let lost = Atomic<Int>(0)
  private let busySince = Atomic<Int64>(0)
  private let failure = Lock<String?>(nil)

  // Relaxed, all: numbers that nothing is read on the strength of.

  /// Diagnostics that the sink is done with.
  var handledCount: Int { handled.load(ordering: .relaxed) }

  /// Diagnostics that there was no room for.
  var lostCount: Int { lost.load(ordering: .relaxed) }

  /// Since when the sink is at the same diagnostic, in monotonic nanoseconds; nil where at none.
  var busy: Int64? {
    let since = busySince.load(ordering: .relaxed)
    return since == 0 ? nil : since
  }

  /// What the sink threw last.
  var lastError: String? { failure.withLock { $0 } }

  func lose() { lost.add(1, ordering: .relaxed) }

  func begin(at moment: Int64) { busySince.store(moment, ordering: .relaxed) }

  func finish(_ error: (any Error)?) {
    if let error { failure.withLock { $0 = "\(error)" } }
    busySince.store(0, ordering: .relaxed)
    handled.add(1, ordering: .relaxed)
  }
}
