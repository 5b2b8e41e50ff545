internal import LoomCore

/// What the next tick of a symbol is judged by, and how those before it ended.
struct SymbolHistory: SnapshotState {
  var counters = TickCounters()
  /// Latest accepted event time.
  var latest = Timestamp.distantPast
  /// The slots that wait for the market clock.
  var held = HeldSlots()
  /// The last price in arrival order; NaN before there is one.
  var lastPrice = Double.nan
  /// What a repeat is told by.
  var recent = RecentTicks()
  /// Whether the automatic price is known: the mid where the first usable tick had one, else the
  /// last price.
  private var isDecided = false
  /// Whether that was a bar, which has but one price.
  private var isDecidedByBar = false
  /// All bits where the automatic price is the mid, none where it is the last price.
  private var midMask: UInt64 = 0

  /// Has the first usable input decide which price the symbol's automatic one is.
  mutating func decidePrice(_ tick: Tick, isBar: Bool) {
    if isDecided { return }
    isDecided = true
    isDecidedByBar = isBar
    midMask = isBar || tick.mid.isNaN ? 0 : .max
  }

  /// Decides as the bars of earlier inputs tell: where the first was quoted, the price is the mid.
  mutating func decidePrice(_ bar: Bar) {
    if isDecided { return }
    isDecided = true
    midMask = bar.spreadEstimate.isNaN ? 0 : .max
  }

  /// Has the next usable input decide again where a bar has: those are over.
  mutating func endBars() {
    if !isDecidedByBar { return }
    isDecided = false
    isDecidedByBar = false
    // Who decides has a price; until then no tick is taken at the close of a bar.
    lastPrice = .nan
  }

  /// Whether `tick` cannot be a repeat: none that is remembered has its sequence, or its time.
  @inline(__always)
  func isFirst(_ tick: Tick) -> Bool {
    tick.venueSequence > recent.largestSequence || tick.time > latest
  }

  /// The mid or the last price; masked, as which of the two a tick has to give is anyone's guess.
  @inline(__always)
  func automaticPrice(mid: Double, last: Double) -> Double {
    Double(bitPattern: mid.bitPattern & midMask | last.bitPattern & ~midMask)
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try counters.transfer(through: &coder)
    try coder.value(&latest)
    try held.transfer(through: &coder)
    try coder.value(&lastPrice)
    try recent.transfer(through: &coder)
    try coder.flag(&isDecided)
    try coder.flag(&isDecidedByBar)
    try coder.value(&midMask)
  }
}
