public import LoomCore

/// How much an ``Engine`` has done, and how long its stages took: see ``Engine/statistics()``.
///
/// Times are of whole batches, by the monotonic clock, which is read a few times a batch and never
/// for a tick. With several shards the bars and features of a batch are made elsewhere: then `bars`
/// is the judging of its ticks, and `features` the time until its bars and features have come back.
public struct EngineStatistics: Hashable, Sendable {
  /// How long the engine is there.
  public let running: Nanoseconds
  /// Ticks taken from the feeds.
  public let ticks: UInt64
  /// Versions published.
  public let versions: UInt64
  /// How long ticks had been in their rings: one a visit to a symbol at most, the first that was
  /// pushed since the engine had looked there, timed from that push until it was taken.
  public let wait: Durations
  /// Ticks of a batch drained, judged and folded into bars.
  public let bars: Durations
  /// Closed bars of a batch to feature rows, in those batches that closed any.
  public let features: Durations
  /// Rows to a version each: estimated and published.
  public let version: Durations
  /// Calls of the consumer with bars and features of a batch, or with a version.
  public let consumer: Durations
  /// From the push of the timed tick of a batch that had waited longest, until all that it brought about was out.
  public let whole: Durations

  init(
    runningNanoseconds: Int64, ticks: UInt64, versions: UInt64, wait: Durations, bars: Durations,
    features: Durations, version: Durations, consumer: Durations, whole: Durations
  ) {
    running = Nanoseconds(runningNanoseconds)
    self.ticks = ticks
    self.versions = versions
    self.wait = wait
    self.bars = bars
    self.features = features
    self.version = version
    self.consumer = consumer
    self.whole = whole
  }

  /// Versions a second since `earlier`, or since the engine was made; 0 where no time has passed.
  public func versionsPerSecond(since earlier: EngineStatistics? = nil) -> Double {
    rate(versions - (earlier?.versions ?? 0), since: earlier)
  }

  /// Ticks a second since `earlier`, or since the engine was made; 0 where no time has passed.
  public func ticksPerSecond(since earlier: EngineStatistics? = nil) -> Double {
    rate(ticks - (earlier?.ticks ?? 0), since: earlier)
  }

  private func rate(_ count: UInt64, since earlier: EngineStatistics?) -> Double {
    let nanoseconds = running.count - (earlier?.running.count ?? 0)
    return nanoseconds > 0 ? Double(count) * 1e9 / Double(nanoseconds) : 0
  }
}
