internal import LoomCore

/// The last 1,024 accepted inputs of one symbol, for telling repeats.
///
/// A ring in order of arrival. Most inputs have a larger sequence or a later time than all before
/// and cannot be repeats; for the others the ring's tags are scanned, which needs no index to be
/// kept. Storage grows with use up to its bound, and only for symbols that have sequences.
struct RecentTicks: SnapshotState {
  /// How many accepted inputs of the symbol are remembered; a power of two.
  static let window = 1024

  private var blocks: [RecentBlock] = []
  /// Where the next input goes, in the place of the oldest once the ring is full.
  private var next = 0
  /// No kept input has a larger one.
  private(set) var largestSequence: UInt64 = 0

  /// Whether an input equal to `tick` is among the last 1,024 accepted.
  func contains(_ tick: Tick) -> Bool {
    let tag = Self.tag(of: tick)
    let key = RepeatKey(tick)
    let all = blocks.span
    for place in all.indices where all[place].contains(key, tag: tag) { return true }
    return false
  }

  /// Remembers the input at `index`, which was accepted.
  ///
  /// Read here, after the call that makes the storage writable: what was read before it would have
  /// to be saved.
  @inline(__always)
  mutating func insert(_ ticks: Span<SequencedTick>, _ index: Int) {
    let place = nextPlace()
    var blocks = blocks.mutableSpan
    let tick = ticks[index].tick
    blocks[place.block].keep(RepeatKey(tick), tag: Self.tag(of: tick), at: place.inBlock)
    largestSequence = max(largestSequence, tick.venueSequence)
  }

  /// Counts an accepted input that no repeat could match.
  @inline(__always)
  mutating func age() {
    // While nothing is remembered there is nothing to forget.
    if blocks.isEmpty { return }
    let place = nextPlace()
    blocks[place.block].forget(at: place.inBlock)
  }

  /// Where the next input goes.
  @inline(__always)
  private mutating func nextPlace() -> (block: Int, inBlock: Int) {
    let place = next
    next = (next &+ 1) & (Self.window - 1)
    let block = place >> RecentBlock.countBits
    if block == blocks.count { grow() }
    return (block, place & (RecentBlock.count - 1))
  }

  @inline(never)
  private mutating func grow() { blocks.append(RecentBlock()) }

  /// What repeats share and other inputs rarely do; never ``RecentBlock/noTag``.
  @inline(__always)
  private static func tag(of tick: Tick) -> UInt32 {
    let sum = tick.venueSequence &+ UInt64(bitPattern: tick.time.nanoseconds)
    return UInt32(truncatingIfNeeded: sum) | 1
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    try coder.values(&blocks)
    try coder.value(&next)
    try coder.value(&largestSequence)
    try coder.require(blocks.count <= Self.window >> RecentBlock.countBits, "recent ticks")
    try coder.require(next >= 0 && next < Self.window, "recent ticks")
    try coder.require(next >> RecentBlock.countBits <= blocks.count, "recent ticks")
  }
}
