internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization

/// The stages of single symbols on several threads, fed and emptied by the one that has this value.
///
/// A symbol's ticks and the marks of the market clock reach its shard in the order in which they were
/// judged; what comes out is put into the order in which one thread would have put it out. So neither
/// the number of shards nor their speed can be told from the result.
struct ShardThreads: ~Copyable {
  /// The bars of the batch taken last, and the feature rows of the valid ones among them.
  private var bars: [CleanBar] = []
  private var rows: [FeatureRow] = []
  /// The correction with which the batch taken last begins: before all else in it; empty if none.
  private(set) var revisedBars: [RevisedBar] = []
  private(set) var revisedRows: [FeatureRow] = []
  /// Batches that were sent and have not been taken.
  private(set) var batchesUnderWay = 0
  /// The times of the batch taken last.
  private(set) var batch = StageClock.Batch()

  private var lanes: [ShardLane] = []
  private var threads = InlineArray<64, ShardThread?> { _ in nil }
  private let timeframe: Timeframe
  private var waiter: Waiter
  /// The market clock has been told to the shards as far as it matters before this.
  private var nextMark = Timestamp.distantPast

  /// The times of those under way, by their number; more than are under way at one time.
  private var batches = InlineArray<128, StageClock.Batch>(repeating: StageClock.Batch())
  private var batchesTaken = 0

  /// With more under way, the threads in front wait: what has come and waits for others is bounded.
  private static let batchesUnderWayMaximum = 64

  /// Gives every shard its part of the symbols, as they are.
  ///
  /// - Throws: ``LoomCore/CoreError/outOfMemory``, ``LoomSystem/SystemError`` where a thread cannot be
  ///   started.
  init<Members: Feature>(
    count: Int, timeframe: Timeframe, bars: borrowing BarStage,
    features: borrowing FeatureStage<Members>, waitStrategy: WaitStrategy, ringCapacity: Int
  ) throws {
    self.timeframe = timeframe
    waiter = Waiter(waitStrategy)
    for index in 0..<count {
      lanes.append(ShardLane())
      threads[index] = try ShardThread(
        index: index, of: count, bars: bars, features: features, waitStrategy: waitStrategy,
        ringCapacity: ringCapacity)
    }
  }

  /// Sends accepted ticks to their shards, and a mark to all where the market clock closes a slot.
  mutating func stage(_ ticks: Span<PricedTick>) {
    for place in ticks.indices {
      var tick = ticks[place]
      let (symbol, clock) = (tick.symbol.index, tick.marketClock)
      tick.symbol = SymbolID(rawValue: UInt32(symbol / lanes.count))
      // Only marks move a shard's clock, so that all close at the same places.
      tick.marketClock = .distantPast
      lanes[symbol % lanes.count].stage(tick)
      if clock >= nextMark, clock > .distantPast { stage(clock: clock, cause: tick.sequence) }
    }
  }

  /// Sends a late tick that corrects a bar to its shard; a batch has just ended.
  mutating func stage(correcting tick: PricedTick) {
    var tick = tick
    let symbol = tick.symbol.index
    tick.symbol = SymbolID(rawValue: UInt32(symbol / lanes.count))
    lanes[symbol % lanes.count].stage(tick)
  }

  /// Has every shard close the bars that end at or before `clock`.
  mutating func stage(clock: Timestamp, cause: UInt64) {
    nextMark = timeframe.slotStart(of: clock) + timeframe.span
    for lane in lanes.indices { lanes[lane].stage(.clockMark(clock, cause: cause)) }
  }

  /// Ends the batch with the market clock at `clock`, and sends it.
  ///
  /// Waits while the shards are too far behind.
  mutating func endBatch(_ clock: Timestamp, _ times: StageClock.Batch) {
    for lane in lanes.indices { lanes[lane].stage(.batchEnd(clock)) }
    batches[(batchesTaken + batchesUnderWay) & 127] = times
    batchesUnderWay += 1
    waiter.reset()
    while !send() { if !receive() { waiter.wait() } }
    while batchesUnderWay - completeBatches > Self.batchesUnderWayMaximum {
      if !receive() { waiter.wait() }
    }
  }

  /// Waits until a batch has come, at least where one is under way.
  mutating func awaitBatch() {
    waiter.reset()
    while batchesUnderWay > 0, completeBatches == 0 { if !receive() { waiter.wait() } }
  }

  /// Takes the oldest batch if it has come from every shard, which ``exchange(_:_:)`` gives.
  ///
  /// - Returns: The market clock at its end.
  mutating func takeBatch() -> Timestamp? {
    if batchesUnderWay == 0 { return nil }
    if completeBatches == 0 { _ = receive() }
    if completeBatches == 0 { return nil }
    bars.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    takeCorrection()
    while let lane = firstLane() {
      bars.append(lanes[lane].first.bar)
      if lanes[lane].first.bar.isValid { rows.append(lanes[lane].first.row) }
      lanes[lane].removeFirst()
    }
    let clock = lanes[0].first.bar.bar.start
    for lane in lanes.indices { lanes[lane].removeFirst() }
    batch = batches[batchesTaken & 127]
    batchesTaken += 1
    batchesUnderWay -= 1
    return clock
  }

  /// Gives the bars and rows of the batch taken last for others: what they were before, in the end.
  mutating func exchange(_ bars: inout [CleanBar], _ rows: inout [FeatureRow]) {
    swap(&self.bars, &bars)
    swap(&self.rows, &rows)
  }

  private mutating func takeCorrection() {
    if !revisedBars.isEmpty { revisedBars.removeAll(keepingCapacity: true) }
    if !revisedRows.isEmpty { revisedRows.removeAll(keepingCapacity: true) }
    for lane in lanes.indices {
      var superseded: CleanBar?
      while lanes[lane].first.isCorrection {
        let record = lanes[lane].first
        switch record.kind {
        case .superseded: superseded = record.bar
        case .revisedBar:
          revisedBars.append(RevisedBar(record.bar, of: superseded))
          superseded = nil
        default: revisedRows.append(record.row)
        }
        lanes[lane].removeFirst()
      }
    }
  }

  /// The lane whose oldest bar of this batch comes before those of all others; nil where none has
  /// one.
  private func firstLane() -> Int? {
    var first: Int?
    for lane in lanes.indices where lanes[lane].first.kind != .batchEnd {
      if let other = first, !lanes[lane].first.precedes(lanes[other].first) { continue }
      first = lane
    }
    return first
  }

  private var completeBatches: Int {
    var least = Int.max
    for lane in lanes.indices { least = min(least, lanes[lane].completeBatches) }
    return least
  }

  /// Sends what is staged as far as there is room; returns whether that is all.
  private mutating func send() -> Bool {
    var isAll = true
    for lane in lanes.indices {
      isAll = threads[lane]?.send(&lanes[lane]) ?? true && isAll
    }
    return isAll
  }

  /// Takes what has come; returns whether there was anything.
  private mutating func receive() -> Bool {
    var isAny = false
    for lane in lanes.indices {
      isAny = threads[lane]?.receive(&lanes[lane]) ?? false || isAny
    }
    return isAny
  }

  /// The states of the first `count` symbols, each from the thread that has it; nothing is under way.
  mutating func states(of count: Int) throws(SnapshotError) -> [[UInt8]] {
    precondition(batchesUnderWay == 0, "\(batchesUnderWay) batches are under way")
    for lane in lanes.indices {
      let own = (count + lanes.count - 1 - lane) / lanes.count
      lanes[lane].stage(.snapshotMark(own))
    }
    endBatch(.distantPast, StageClock.Batch())
    awaitBatch()
    _ = takeBatch()
    var parts: [[[UInt8]]] = []
    for lane in lanes.indices { parts.append(try threads[lane]?.states() ?? []) }
    return (0..<count).map { parts[$0 % parts.count][$0 / parts.count] }
  }
}
