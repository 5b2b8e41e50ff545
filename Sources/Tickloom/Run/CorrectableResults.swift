internal import LoomCore
internal import LoomNormalization

/// The bars and feature rows of a run that a late tick can still change: they wait here, and what is
/// written is final.
///
/// Each slot of the horizon takes about 700 bytes a symbol.
struct CorrectableResults: SnapshotState {
  private let horizon: Nanoseconds
  /// By ``SymbolID``.
  private var bars: [Queue<CleanBar>] = []
  private var rows: [Queue<FeatureRow>] = []
  /// Nothing here starts before it.
  private var earliest = Timestamp.distantFuture

  /// Nil where nothing corrects anything.
  init?(_ corrections: Corrections) {
    guard let horizon = corrections.horizon else { return nil }
    self.horizon = horizon
  }

  mutating func add(_ closed: Span<CleanBar>) {
    for index in closed.indices {
      grow(to: closed[index].bar.symbol)
      bars[closed[index].bar.symbol.index].append(closed[index])
      earliest = min(earliest, closed[index].bar.start)
    }
  }

  mutating func add(_ features: Span<FeatureRow>) {
    for index in features.indices {
      grow(to: features[index].symbol)
      rows[features[index].symbol.index].append(features[index])
    }
  }

  /// Takes over what a late tick has changed, and has `statistics` count it so.
  mutating func take(_ correction: borrowing Correction, _ statistics: inout RunStatistics) {
    let symbol = correction.symbol
    grow(to: symbol)
    for revised in correction.bars {
      let start = revised.clean.bar.start
      statistics.count(revised.clean, insteadOf: bars[symbol.index].put(revised.clean))
      earliest = min(earliest, start)
      if !revised.clean.isValid, rows[symbol.index].remove(at: start) {
        statistics.addFeatures(-1, of: symbol)
      }
    }
    for row in correction.features where rows[symbol.index].put(row) == nil {
      statistics.addFeatures(1, of: symbol)
    }
    statistics.addCorrection(of: symbol, sequence: correction.sequence)
  }

  /// Where the market clock stands, as far as what comes from here goes.
  func reach(of clock: Timestamp) -> Timestamp {
    [.distantPast, .distantFuture].contains(clock) ? clock : clock - horizon
  }

  /// Gives out what no late tick can change any more once the market clock is `clock`, bars and rows
  /// each in order of time, then symbol, however often this is asked.
  mutating func release(at clock: Timestamp) -> (bars: [CleanBar], rows: [FeatureRow]) {
    let reach = reach(of: clock)
    if earliest >= reach { return ([], []) }
    earliest = bars.lazy.compactMap { $0.firstStart(from: reach) }.min() ?? .distantFuture
    return (Self.release(&bars, before: reach), Self.release(&rows, before: reach))
  }

  private static func release<Record>(
    _ queues: inout [Queue<Record>], before reach: Timestamp
  ) -> [Record] {
    var names: [(start: Timestamp, symbol: Int)] = []
    for symbol in queues.indices {
      names += queues[symbol].starts(before: reach).map { ($0, symbol) }
    }
    names.sort { $0 < $1 }
    return names.map { queues[$0.symbol].removeFirst() }
  }

  private mutating func grow(to symbol: SymbolID) {
    while bars.count <= symbol.index {
      bars.append(Queue())
      rows.append(Queue())
    }
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("results")
    try coder.states(&bars) { Queue() }
    try coder.states(&rows) { Queue() }
    try coder.value(&earliest)
    try coder.require(bars.count == rows.count, "symbols of results")
    for symbol in bars.indices {
      try coder.require(bars[symbol].areAll { $0.bar.symbol.index == symbol }, "bars of a symbol")
      try coder.require(
        rows[symbol].areAll { $0.symbol.index == symbol && $0.count <= FeatureRow.maximumCount },
        "rows of a symbol")
    }
  }
}

/// Something of a slot.
private protocol SlotRecord: SnapshotValue {
  var slotStart: Timestamp { get }
}

extension CleanBar: SlotRecord {
  fileprivate var slotStart: Timestamp { bar.start }
}

extension FeatureRow: SlotRecord {
  fileprivate var slotStart: Timestamp { start }
}

/// Records of one symbol in order of time; they leave at the front.
private struct Queue<Record: SlotRecord>: SnapshotState {
  // From `first` on; in front of it is what is not cleared away yet.
  private var records: [Record] = []
  private var first = 0

  mutating func append(_ record: Record) { records.append(record) }

  mutating func removeFirst() -> Record {
    let record = records[first]
    first += 1
    // No more is moved than has left since.
    if 2 * first >= records.count {
      records.removeFirst(first)
      first = 0
    }
    return record
  }

  /// Puts a record in the place of that of its slot, which it returns; between others where there is
  /// none.
  mutating func put(_ record: Record) -> Record? {
    let place = place(of: record.slotStart)
    guard place < records.count, records[place].slotStart == record.slotStart else {
      records.insert(record, at: place)
      return nil
    }
    let before = records[place]
    records[place] = record
    return before
  }

  /// Returns whether there was a record of this slot.
  mutating func remove(at start: Timestamp) -> Bool {
    let place = place(of: start)
    guard place < records.count, records[place].slotStart == start else { return false }
    records.remove(at: place)
    return true
  }

  func starts(before reach: Timestamp) -> [Timestamp] {
    records[first..<place(of: reach)].map(\.slotStart)
  }

  func firstStart(from reach: Timestamp) -> Timestamp? {
    let place = place(of: reach)
    return place < records.count ? records[place].slotStart : nil
  }

  /// The place of the first record that starts at or after `start`.
  private func place(of start: Timestamp) -> Int {
    var (low, high) = (first, records.count)
    while low < high {
      let middle = (low + high) / 2
      if records[middle].slotStart < start { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    var waiting = Array(records[first...])
    try coder.values(&waiting)
    if Coder.isReading { (records, first) = (waiting, 0) }
  }

  func areAll(_ isSound: (Record) -> Bool) -> Bool { records[first...].allSatisfy(isSound) }
}
