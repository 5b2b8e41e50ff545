internal import LoomCore
internal import LoomSystem

/// The times of a sequencer's visits to the symbols.
///
/// The clock is read at the first visit of a cycle that finds ticks; later ones take the end of the
/// batch before as their time. One visit in 64 or so is taken through the pipeline as a batch of its
/// own: how long that takes is what its symbol costs. Which ones, no result depends on.
struct VisitTimes: ~Copyable {
  /// What the visits to a symbol that were timed took.
  struct Sample: BitwiseCopyable {
    var ticks = 0
    var nanoseconds: Int64 = 0
  }

  /// The times of the batch under way so far.
  var batch: StageClock.Batch { StageClock.Batch(moment: now, pushed: pushed) }

  /// When the stamped tick of the batch under way that was pushed first was; 0 where there is none.
  private var pushed: Int64 = 0

  private let times: StageTimes
  /// The time as far as it is known in this cycle; 0 where it is not.
  private var now: Int64 = 0
  /// By ``SymbolID``, as far as symbols were timed.
  private var samples: [Sample] = []
  private var visitsUntilTimed = 1
  private var random: UInt32 = 1
  private var startOfTimed: Int64 = 0

  init(times: StageTimes) { self.times = times }

  /// A cycle begins.
  mutating func begin() { now = 0 }

  /// What was timed of a symbol.
  func sample(of symbol: SymbolID) -> Sample {
    symbol.index < samples.count ? samples[symbol.index] : Sample()
  }

  /// Whether the visit that begins is to be timed.
  @inline(__always)
  mutating func isTimed() -> Bool {
    visitsUntilTimed -= 1
    return visitsUntilTimed == 0 && drawInterval()
  }

  /// Draws how far off the next one is: at a fixed distance it might be the same symbol each time.
  private mutating func drawInterval() -> Bool {
    // Marsaglia (2003), "Xorshift RNGs", the triple 13, 17, 5.
    random ^= random << 13
    random ^= random >> 17
    random ^= random << 5
    visitsUntilTimed = Int(1 + random & 127)
    return true
  }

  /// The visit that is to be timed begins.
  mutating func beginTimed() {
    now = MonotonicClock.nanoseconds
    startOfTimed = now
  }

  /// The visit that was to be timed is over, and gave so many ticks.
  mutating func endTimed(_ symbol: SymbolID, _ count: Int) {
    if count == 0 { return }
    while samples.count <= symbol.index { samples.append(Sample()) }
    samples[symbol.index].ticks += count
    samples[symbol.index].nanoseconds += now - startOfTimed
  }

  /// A visit gave ticks.
  @inline(__always)
  mutating func note(_ symbol: SymbolID, _ count: Int, _ inbox: inout Inbox) {
    if now == 0 { now = Inbox.nowNanoseconds }
    guard let waited = inbox.waited(symbol, popped: count, now: now) else { return }
    times.wait.record(waited)
    if pushed == 0 || now - waited < pushed { pushed = now - waited }
  }

  /// A batch of so many ticks has gone through the pipeline.
  mutating func finishBatch(_ count: Int, at moment: Int64) {
    times.take(ticks: count)
    now = moment
    pushed = 0
  }
}
