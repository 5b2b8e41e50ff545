internal import LoomSystem

/// Reads the clock where a stage ends, for a batch; nowhere, and at no cost, where nobody counts.
struct StageClock: ~Copyable {
  /// What a stretch of time was spent on.
  enum Stage {
    case bars, features, version, consumer
  }

  /// The times that go with a batch, in monotonic nanoseconds.
  struct Batch: BitwiseCopyable, Sendable {
    /// When its last stage ended.
    var moment: Int64 = 0
    /// When the stamped tick of it that was pushed first was; 0 where there is none.
    var pushed: Int64 = 0
  }

  /// Where it is counted; nil where it is not.
  let times: StageTimes?
  var batch = Batch()

  /// Counts nothing where `times` is nil.
  init(times: StageTimes?) { self.times = times }

  /// Something begins that no ticks are the cause of.
  mutating func start() {
    if times != nil { batch = Batch(moment: MonotonicClock.nanoseconds) }
  }

  /// A stage ends, and another begins.
  @inline(__always)
  mutating func finish(_ stage: Stage) {
    if times == nil { return }
    let now = MonotonicClock.nanoseconds
    let nanoseconds = now - batch.moment
    batch.moment = now
    count(stage, nanoseconds)
  }

  // Borrowed, and apart: where the clock itself may change, what it refers to would be retained.
  @inline(never)
  private func count(_ stage: Stage, _ nanoseconds: Int64) {
    switch stage {
    case .bars: times?.bars.record(nanoseconds)
    case .features: times?.features.record(nanoseconds)
    case .version:
      times?.version.record(nanoseconds)
      times?.takeVersion()
    case .consumer: times?.consumer.record(nanoseconds)
    }
  }

  /// The bars and features of a batch have come from other threads.
  mutating func resume(_ batch: Batch) {
    self.batch = batch
    finish(.features)
  }

  /// Everything that the batch brought about is out.
  @inline(never)
  func finishBatch() {
    if batch.pushed > 0 { times?.whole.record(batch.moment - batch.pushed) }
  }
}
