internal import LoomSystem

/// Reads the clock where a stage ends, for a batch; nowhere, and at no cost, where nobody counts.
struct StageClock: ~Copyable {
  /// What a stretch of time was spent on.
  enum Stage {
    case bars, features, version, consumer
  }

  /// Where it is counted; nil where it is not.
  let times: StageTimes?
  /// When the last stage ended, in monotonic nanoseconds.
  private(set) var moment: Int64 = 0
  /// When the oldest tick of the batch was pushed; 0 where that is not known.
  var pushed: Int64 = 0

  init(times: StageTimes?) { self.times = times }

  /// A batch begins.
  @inline(__always)
  mutating func start() { if times != nil { moment = MonotonicClock.nanoseconds } }

  /// A stage ends, and another begins.
  @inline(__always)
  mutating func finish(_ stage: Stage) {
    guard let times else { return }
    let now = MonotonicClock.nanoseconds
    switch stage {
    case .bars: times.bars.record(now - moment)
    case .features: times.features.record(now - moment)
    case .version:
      times.version.record(now - moment)
      times.takeVersion()
    case .consumer: times.consumer.record(now - moment)
    }
    moment = now
  }

  /// Everything that the batch brought about is out.
  @inline(__always)
  mutating func finishBatch() {
    guard let times, pushed > 0 else { return }
    times.whole.record(moment - pushed)
  }
}
