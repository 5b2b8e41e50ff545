public import LoomCore
public import LoomNormalization

/// How an ``Engine`` stands with one symbol: see ``Engine/status(of:)``.
public struct SymbolStatus: Hashable, Sendable {
  /// The identifier.
  public let symbol: SymbolID
  /// The name.
  public let name: String
  /// Whether a feed pushes it.
  public let hasFeed: Bool
  /// Whether it was retired.
  public let isRetired: Bool
  /// Latest event time accepted; nil before there is one.
  public let lastTime: Timestamp?
  /// Price of the input accepted last; nil before there is one.
  public let lastPrice: Double?
  /// Nothing of it that belongs before this will enter a bar: its latest time less the lateness, or
  /// the market clock where that is further; nil before either is known.
  public let watermark: Timestamp?
  /// How far its latest time is behind the latest of all symbols; nil before it has one.
  public let lag: Nanoseconds?
  /// Ticks in its ring.
  public let waiting: Int
  /// How its inputs ended; what its feed gave up is among them.
  public let counters: TickCounters
  /// Its bars that have closed, and those that late ticks have made since.
  public let bars: Int
  /// How many of its ticks were timed: about one visit in 64, alone in a batch.
  public let timedTicks: Int
  /// How long those took on the thread that does the cycles, with all that they brought about; with
  /// several shards bars and features are made elsewhere.
  public let timed: Nanoseconds

  /// How long all of its ticks took, as far as those that were timed stand for them; nil where none
  /// was.
  public var timeSpent: Nanoseconds? {
    if timedTicks == 0 { return nil }
    let each = Double(timed.count) / Double(timedTicks)
    return Nanoseconds(Int64(each * Double(counters.received - counters[.overflow])))
  }
}
