internal import Synchronization

/// How long something took each time, on a logarithmic scale: one thread writes, any thread reads.
///
/// Nothing in it waits, locks or allocates while it is written. It lies within its owner: an object
/// of its own would be retained to be written to.
struct DurationHistogram: ~Copyable, Sendable {
  private let bins: InlineArray<304, Atomic<UInt64>>
  private let sum = Atomic<Int64>(0)
  private let longest = Atomic<Int64>(0)

  init() { bins = InlineArray { _ in Atomic(0) } }

  /// Counts a duration; what clocks of two threads make negative is 0.
  ///
  /// - Complexity: O(1), no allocation.
  @inline(__always)
  func record(_ nanoseconds: Int64) {
    // Relaxed loads and stores, no exchange: there is one writer, and numbers order nothing.
    Self.add(1, to: bins[DurationScale.bin(nanoseconds)])
    if nanoseconds <= 0 { return }
    let before = sum.load(ordering: .relaxed)
    sum.store(before &+ nanoseconds, ordering: .relaxed)
    if nanoseconds > longest.load(ordering: .relaxed) {
      longest.store(nanoseconds, ordering: .relaxed)
    }
  }

  @inline(__always)
  private static func add(_ count: UInt64, to number: borrowing Atomic<UInt64>) {
    number.store(number.load(ordering: .relaxed) &+ count, ordering: .relaxed)
  }

  /// What was counted so far; what comes meanwhile may be in it or not.
  func durations() -> Durations {
    let counts = (0..<DurationScale.binCount).map { bins[$0].load(ordering: .relaxed) }
    return Durations(
      counts: counts, sum: sum.load(ordering: .relaxed),
      longest: longest.load(ordering: .relaxed))
  }
}
