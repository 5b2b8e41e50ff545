public import LoomCore

/// Joins the returns of all symbols into rows by time, never by position.
///
/// A symbol's return enters the row of its bar if its previous bar starts at the last slot before in
/// which any symbol has a bar: returns over different intervals never meet. Bars wait here until
/// their slot is final for every symbol, which the market clock tells; how many may wait is bounded
/// by whoever keeps that clock.
public struct RowAligner: ~Copyable {
  /// Length of a slot.
  public let timeframe: Timeframe

  private var queues: [WaitingReturns] = []
  /// The symbols up to the last one with a bar in a drained slot.
  ///
  /// Those whose bars all wait do not count: how many they are depends on how the input is split.
  private var symbolCount = 0
  /// The last slot drained in which any symbol has a bar.
  private var lastSlot: Timestamp?
  /// No waiting bar starts before this.
  private var earliestStart = Timestamp.distantFuture
  /// How long before the end of a drained slot the bars are kept; nil where none are.
  private let kept: Nanoseconds?
  /// The latest slot with a bar that was not kept.
  private var forgottenSlot: Timestamp?

  /// Creates an aligner without waiting bars; it will hold 24 bytes for each.
  ///
  /// - Parameters:
  ///   - timeframe: Length of a slot.
  ///   - kept: How long before the end of the newest row bars can be corrected, which are held as
  ///     those that wait; nil where none can.
  public init(timeframe: Timeframe, kept: Nanoseconds? = nil) {
    self.timeframe = timeframe
    self.kept = kept
  }

  /// Bytes for the bars of one symbol of which at most `count` wait, after ever so many have.
  public static func waitingBytes(_ count: Int) -> Int {
    32 + max(WaitingReturns.placesKept, 4 * count) * MemoryLayout<WaitingReturn>.stride
  }

  /// Takes clean bars, which come in order of time per symbol.
  ///
  /// - Complexity: O(1) amortised per bar.
  public mutating func add(_ bars: Span<CleanBar>) {
    for index in bars.indices { add(bars[index]) }
  }

  private mutating func add(_ clean: CleanBar) {
    let symbol = clean.bar.symbol.index
    grow(to: symbol)
    queues[symbol].append(WaitingReturn(clean, timeframe))
    earliestStart = min(earliestStart, clean.bar.start)
  }

  private mutating func grow(to symbol: Int) {
    while queues.count <= symbol { queues.append(WaitingReturns()) }
  }

  /// Writes the oldest row whose slot ends at or before `clock` into `row`; false when none does.
  ///
  /// - Complexity: O(symbols) per slot.
  public mutating func nextRow(through clock: Timestamp, into row: inout ReturnRow) -> Bool {
    while let start = dueSlot(through: clock) {
      row.reset(start: start, symbolCount: symbolCount)
      for symbol in queues.indices where queues[symbol].first?.start == start {
        let entry = queues[symbol].removeFirst(isKept: kept != nil)
        if let kept { forget(symbol, before: start + timeframe.span - kept) }
        if symbol >= symbolCount {
          symbolCount = symbol + 1
          row.makeRoom(symbolCount: symbolCount)
        }
        if entry.value.isNaN || entry.previousStart != lastSlot { continue }
        row.enter(SymbolID(rawValue: UInt32(symbol)), entry.value)
      }
      lastSlot = start
      if !row.present.isEmpty { return true }
    }
    return false
  }

  private mutating func dueSlot(through clock: Timestamp) -> Timestamp? {
    let lastStart = clock - timeframe.span
    if earliestStart > lastStart { return nil }
    var earliest = Timestamp.distantFuture
    for symbol in queues.indices {
      if let first = queues[symbol].first { earliest = min(earliest, first.start) }
    }
    earliestStart = earliest
    return earliest <= lastStart ? earliest : nil
  }

  /// Goes back to the slot at `start`: its rows and those after come again, through
  /// ``nextRow(through:into:)``, with `bars` of one symbol in place of what they were.
  ///
  /// Nothing that started at or after `start` has been forgotten; `bars` start there or later.
  /// - Complexity: O(symbols + bars · bars kept).
  public mutating func rewind(to start: Timestamp, revising bars: Span<CleanBar>) {
    precondition(kept != nil, "no bars are kept")
    precondition((forgottenSlot ?? .distantPast) < start, "the bars at \(start) are forgotten")
    lastSlot = forgottenSlot
    symbolCount = 0
    for symbol in queues.indices {
      queues[symbol].rewind(to: start)
      if let before = queues[symbol].lastDrained { lastSlot = max(lastSlot ?? before, before) }
      if queues[symbol].hasDrained { symbolCount = symbol + 1 }
    }
    for index in bars.indices {
      let symbol = bars[index].bar.symbol.index
      grow(to: symbol)
      queues[symbol].revise(WaitingReturn(bars[index], timeframe))
    }
    // What is found next is exact.
    earliestStart = min(earliestStart, start)
  }

  private mutating func forget(_ symbol: Int, before start: Timestamp) {
    while let forgotten = queues[symbol].forgetFirst(before: start) {
      forgottenSlot = max(forgottenSlot ?? forgotten, forgotten)
    }
  }

  /// Transfers the bars that wait, and what they are joined by.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("rows")
    try coder.states(&queues) { WaitingReturns() }
    try coder.count(&symbolCount)
    try coder.optional(&lastSlot, filler: .distantPast)
    try coder.value(&earliestStart)
    try coder.optional(&forgottenSlot, filler: .distantPast)
    try coder.require(symbolCount <= queues.count, "symbols of rows")
  }
}
