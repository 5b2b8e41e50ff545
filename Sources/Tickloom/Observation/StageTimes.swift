internal import Synchronization

/// How long the stages of an engine take: written by the thread that does the cycles, read by any.
final class StageTimes: Sendable {
  let wait = DurationHistogram()
  let bars = DurationHistogram()
  let features = DurationHistogram()
  let version = DurationHistogram()
  let consumer = DurationHistogram()
  let whole = DurationHistogram()

  private let ticks = Atomic<UInt64>(0)
  private let versions = Atomic<UInt64>(0)
  private let startNanoseconds: Int64

  /// Begins to count; `now` is the monotonic time.
  init(now: Int64) { startNanoseconds = now }

  /// Counts ticks that were taken from the rings.
  func take(ticks count: Int) {
    // Relaxed: one writer, and nothing is read on the strength of it.
    ticks.store(ticks.load(ordering: .relaxed) &+ UInt64(count), ordering: .relaxed)
  }

  /// Counts a version.
  func takeVersion() {
    versions.store(versions.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  /// What was counted until `now`, in monotonic time.
  func statistics(now: Int64) -> EngineStatistics {
    EngineStatistics(
      runningNanoseconds: now - startNanoseconds,
      ticks: ticks.load(ordering: .relaxed), versions: versions.load(ordering: .relaxed),
      wait: wait.durations(), bars: bars.durations(), features: features.durations(),
      version: version.durations(), consumer: consumer.durations(), whole: whole.durations())
  }
}
