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

  private var queues: [Queue] = []
  /// The symbols up to the last one with a bar in a drained slot.
  ///
  /// Those whose bars all wait do not count: how many they are depends on how the input is split.
  private var symbolCount = 0
  /// The last slot drained in which any symbol has a bar.
  private var lastSlot: Timestamp?
  /// No waiting bar starts before this.
  private var earliestStart = Timestamp.distantFuture

  private struct Entry: BitwiseCopyable {
    var start: Timestamp
    var previousStart: Timestamp
    /// NaN where the bar is not valid or has no finite return.
    var value: Double
  }

  /// The bars of one symbol that wait, oldest first, in a circle that grows to its bound.
  private struct Queue {
    private var entries: [Entry] = []
    private var head = 0
    private(set) var count = 0

    var first: Entry? { count == 0 ? nil : entries[head] }

    mutating func append(_ entry: Entry) {
      if count == entries.count { grow(filler: entry) }
      entries[(head + count) & (entries.count - 1)] = entry
      count += 1
    }

    mutating func removeFirst() -> Entry {
      let entry = entries[head]
      head = (head + 1) & (entries.count - 1)
      count -= 1
      return entry
    }

    private mutating func grow(filler: Entry) {
      let capacity = max(4, 2 * entries.count)
      let old = entries
      entries = [Entry](repeating: filler, count: capacity)
      for place in 0..<count { entries[place] = old[(head + place) & (old.count - 1)] }
      head = 0
    }
  }

  /// Creates an aligner without waiting bars; it will hold 24 bytes for each.
  public init(timeframe: Timeframe) { self.timeframe = timeframe }

  /// Takes clean bars, which come in order of time per symbol.
  ///
  /// - Complexity: O(1) amortised per bar.
  public mutating func add(_ bars: Span<CleanBar>) {
    for index in bars.indices { add(bars[index]) }
  }

  private mutating func add(_ clean: CleanBar) {
    let symbol = clean.bar.symbol.index
    while queues.count <= symbol { queues.append(Queue()) }
    let enters = clean.isValid && clean.logReturn.isFinite
    queues[symbol].append(
      Entry(
        start: clean.bar.start, previousStart: clean.previousStart(timeframe),
        value: enters ? clean.logReturn : .nan))
    earliestStart = min(earliestStart, clean.bar.start)
  }

  /// Writes the oldest row whose slot ends at or before `clock` into `row`; false when none does.
  ///
  /// - Complexity: O(symbols) per slot.
  public mutating func nextRow(through clock: Timestamp, into row: inout ReturnRow) -> Bool {
    while let start = dueSlot(through: clock) {
      row.reset(start: start, symbolCount: symbolCount)
      for symbol in queues.indices where queues[symbol].first?.start == start {
        let entry = queues[symbol].removeFirst()
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
}
