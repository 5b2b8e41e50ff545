internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomSystem

/// The inputs of a store on their way into a run: cut where the market clock was moved.
struct RunReplay: ~Copyable, Sendable {
  let sources: [Source]
  private let path: String
  private var stored: StoredTicks
  private var delivery = RunFeed.Delivery()
  private var taken = 0
  private var namedSymbols: Int
  private var passedEvents: Int
  private static let batchCount = 4096

  /// The last input that is passed over.
  private let firstSequence: UInt64
  /// Whether the run goes on in the same store.
  private let isResumed: Bool
  /// The last input that is taken.
  private let last: UInt64

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - path: The store.
  ///   - last: The last input that is taken.
  ///   - point: Where the run that it holds goes on: what lies behind its snapshot is taken, and its
  ///     symbols have names; nil takes all of another store.
  /// - Throws: ``LoomJournal/JournalError`` where it cannot be read.
  init(
    path: String, through last: UInt64 = .max, behind point: StoreResumption? = nil
  ) throws(JournalError) {
    let first = point?.snapshot?.sequence ?? 0
    let stored = try StoredTicks(path: path, after: first)
    self.last = last
    sources = stored.sources.map { Source(name: $0, path: path) }
    (firstSequence, isResumed) = (first, point != nil)
    passedEvents = point?.passedClockEvents ?? 0
    namedSymbols = point?.symbols.count ?? 0
    self.path = path
    self.stored = stored
  }

  /// Delivers it all, or until nobody takes any more; returns the nanoseconds that reading took.
  mutating func run(
    _ full: Channel<RunFeed.Delivery>, _ empty: Channel<RunFeed.Delivery>
  ) throws -> Int64 {
    var nanoseconds: Int64 = 0
    var group: [SequencedTick] = []
    while true {
      let start = MonotonicClock.nanoseconds
      // What stands behind the last one may be damaged.
      let isMore = try group.last?.sequence != last && stored.read(into: &group)
      nanoseconds += MonotonicClock.nanoseconds - start
      if !isMore { break }
      for tick in group where tick.sequence > firstSequence {
        if tick.sequence > last {
          _ = send(nil, full, empty)
          return nanoseconds
        }
        while let event = nextEvent, tick.sequence > event.afterSequence {
          if !send(event, full, empty) { return nanoseconds }
        }
        try add(tick)
        if delivery.batch.ticks.count == Self.batchCount, !send(nil, full, empty) {
          return nanoseconds
        }
      }
    }
    while let event = nextEvent, event.afterSequence <= last {
      if !send(event, full, empty) { return nanoseconds }
    }
    name(stored.symbols.count)
    _ = send(nil, full, empty)
    return nanoseconds
  }

  private var nextEvent: ClockEvent? {
    passedEvents < stored.clockEvents.count ? stored.clockEvents[passedEvents] : nil
  }

  private mutating func add(_ tick: SequencedTick) throws(JournalError) {
    let symbol = tick.tick.symbol
    guard symbol == .unknown || symbol.index < stored.symbols.count,
      tick.tick.source.index < sources.count
    else {
      let place = tick.sequence...tick.sequence
      throw .damaged(path: path, sequences: place, reason: "its symbol or its feed has no name")
    }
    delivery.batch.ticks.append(tick)
    // What the row was is not known any more.
    delivery.batch.origins.append(RowOrigin(line: 0, offset: 0, length: 0))
    if symbol != .unknown { name(symbol.index + 1) }
  }

  /// Registers the first `count` symbols.
  private mutating func name(_ count: Int) {
    if count <= namedSymbols { return }
    delivery.newSymbols += stored.symbols[namedSymbols..<count]
    namedSymbols = count
  }

  /// Sends what was added, and the event after it; false where nobody takes it.
  private mutating func send(
    _ event: ClockEvent?, _ full: Channel<RunFeed.Delivery>, _ empty: Channel<RunFeed.Delivery>
  ) -> Bool {
    if event != nil { passedEvents += 1 }
    delivery.clockEvent = event?.time
    delivery.isKept = isResumed
    taken += delivery.batch.ticks.count
    delivery.progress = Run.Progress(
      bytesRead: Int64(taken), bytesTotal: Int64(stored.count), ticks: taken)
    var next = empty.receiveIfReady() ?? RunFeed.Delivery()
    next.newSymbols.removeAll(keepingCapacity: true)
    next.batch.ticks.removeAll(keepingCapacity: true)
    next.batch.origins.removeAll(keepingCapacity: true)
    swap(&next, &delivery)
    return full.send(next)
  }
}
