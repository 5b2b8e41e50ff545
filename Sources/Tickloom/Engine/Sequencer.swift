internal import LoomCore

/// Drains the rings of all symbols into one order: the only place where order is made.
///
/// Symbols are visited in turn and give at most a bounded number of ticks each time, so that a
/// flooding one never starves the others and a silent one costs nothing.
struct Sequencer: ~Copyable {
  private var inbox: Inbox
  private let drainLimit: Int
  /// The ticks of a batch, in order; the first `filled` places are in use.
  private var batch: [SequencedTick]
  private var filled = 0
  /// The sequence that was given out last.
  private(set) var lastSequence: UInt64 = 0
  /// What is looked at from outside.
  private(set) var visits: VisitTimes

  /// With so many ticks a batch is handed over; so many go through the stages together.
  private static var batchCount: Int { Pipeline<StandardFeatures>.batchCount }

  /// Silent rings looked at in a cycle, in turn, for hints that were lost: more where there is nothing
  /// else to do, as the next cycle may be a millisecond away.
  private var sweepCount: Int { isIdle ? 16 : 1 }
  /// Whether the last cycle found nothing.
  private var isIdle = false

  /// - Parameters:
  ///   - ringCapacity: Most ticks that wait for one symbol.
  ///   - drainLimit: Most ticks taken from one symbol in a cycle.
  ///   - times: Where it is counted how long ticks waited.
  /// - Throws: ``LoomCore/CoreError`` where memory is short.
  init(ringCapacity: Int, drainLimit: Int, times: StageTimes) throws(CoreError) {
    inbox = try Inbox(ringCapacity: ringCapacity)
    visits = VisitTimes(times: times)
    self.drainLimit = drainLimit
    let empty = Tick(time: .distantPast, symbol: .unknown)
    batch = Array(
      repeating: SequencedTick(sequence: 0, tick: empty), count: Self.batchCount + drainLimit)
  }

  var door: InboxDoor { inbox.door }

  /// Visits every symbol that has ticks once, and hands them over in batches.
  ///
  /// - Parameters:
  ///   - desk: Labels the ticks.
  ///   - most: Most ticks to take; what there is more comes with the next cycle.
  ///   - take: Takes a batch, with its times so far, and returns when it was through.
  /// - Returns: How many ticks.
  mutating func cycle(
    _ desk: borrowing FeedDesk, atMost most: Int = .max,
    _ take: (Span<SequencedTick>, StageClock.Batch) throws -> Int64
  ) rethrows -> Int {
    inbox.sweep(sweepCount)
    visits.begin()
    var count = 0
    for word in 0..<inbox.wordCount {
      var hints = inbox.takeHints(word)
      while hints != 0 {
        if count > most - drainLimit {
          inbox.putBack(hints, word)
          break
        }
        let symbol = SymbolID(rawValue: UInt32(64 * word + hints.trailingZeroBitCount))
        hints &= hints - 1
        let isAlone = visits.isTimed()
        if isAlone {
          if filled > 0 { try hand(over: take) }
          visits.beginTimed()
        }
        let drained = drain(symbol, desk)
        count += drained
        if filled >= Self.batchCount || isAlone && drained > 0 { try hand(over: take) }
        if isAlone { visits.endTimed(symbol, drained) }
      }
    }
    if filled > 0 { try hand(over: take) }
    isIdle = count == 0
    return count
  }

  /// Numbers ticks that come from elsewhere.
  mutating func number(_ ticks: [Tick]) -> [SequencedTick] {
    defer { lastSequence += UInt64(ticks.count) }
    return ticks.indices.map { place in
      SequencedTick(sequence: lastSequence + UInt64(place + 1), tick: ticks[place])
    }
  }

  /// Goes on after `sequence`.
  mutating func skip(through sequence: UInt64) { lastSequence = max(lastSequence, sequence) }

  private mutating func drain(_ symbol: SymbolID, _ desk: borrowing FeedDesk) -> Int {
    let count = Self.drain(
      symbol, desk, &inbox, atMost: drainLimit, into: &batch, at: filled, after: lastSequence)
    lastSequence += UInt64(count)
    filled += count
    if count > 0 { visits.note(symbol, count, &inbox) }
    return count
  }

  /// How many ticks of a symbol that has a ring were numbered.
  func numbered(_ symbol: SymbolID) -> UInt64 { inbox.popped(symbol) }

  /// Has the next cycle visit whoever has anything, whatever the hints say.
  mutating func sweepAll() { inbox.sweep(InboxDoor.symbolsMaximum) }

  /// Whether a feed has given ticks up since the last call.
  mutating func takeDrops() -> Bool { inbox.takeDrops() }

  private mutating func hand(
    over take: (Span<SequencedTick>, StageClock.Batch) throws -> Int64
  ) rethrows {
    defer { filled = 0 }
    visits.finishBatch(
      filled, at: try take(batch.span.extracting(first: filled), visits.batch))
  }

  /// What a feed says of symbol and source counts for nothing: the ring knows both.
  private static func drain(
    _ symbol: SymbolID, _ desk: borrowing FeedDesk, _ inbox: inout Inbox, atMost limit: Int,
    into batch: inout [SequencedTick], at start: Int, after sequence: UInt64
  ) -> Int {
    let label = desk.label(of: symbol)
    var all = batch.mutableSpan
    var place = start
    return inbox.pop(symbol, atMost: limit) { ticks in
      for index in ticks.indices {
        all[place].sequence = sequence + UInt64(place - start + 1)
        all[place].tick = ticks[index]
        label.put(on: &all[place].tick)
        place += 1
      }
    }
  }
}
