internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomSystem

/// The inputs of a store on their way into a run: cut where the market clock was moved.
struct RunReplay: ~Copyable, Sendable {
  let sources: [Source]
  private let path: String
  private var stored: StoredTicks
  private var selection: ReplaySelection
  private var pace: ReplayPace?
  private var delivery = RunFeed.Delivery()
  private var examined = 0
  private var taken = 0
  private var passedEvents = 0
  private let last: UInt64
  private let batchCount: Int
  /// The last input that is passed over.
  private let firstSequence: UInt64
  /// Whether it begins within the store, so that the symbols have their names by then.
  private let isResumed: Bool

  init(path: String, _ configuration: RunConfiguration) throws {
    firstSequence = configuration.replayedFrom?.snapshot.sequence ?? 0
    let stored = try StoredTicks(path: path, after: firstSequence)
    selection = try ReplaySelection(configuration.importing, of: stored.symbols, path: path)
    last = configuration.replayedThrough ?? .max
    pace = ReplayPace(configuration.replaySpeed)
    // A step ends with the tick that closes a bar.
    batchCount = configuration.replaySpeed == .stepped ? 1 : 4096
    sources = stored.sources.map { Source(name: $0, path: path) }
    isResumed = configuration.replayedFrom != nil
    if let start = configuration.replayedFrom {
      passedEvents = stored.placeOfClockEvent(after: start.clockEvents)
    }
    self.path = path
    self.stored = stored
  }

  /// Takes what lies behind the snapshot of a run that goes on, up to its end.
  init(resuming point: StoreResumption) throws {
    firstSequence = point.snapshot?.sequence ?? 0
    let stored = try StoredTicks(path: point.path, after: firstSequence)
    selection = try ReplaySelection(ImportConfiguration(), of: stored.symbols, path: point.path)
    last = point.lastSequence
    batchCount = 4096
    passedEvents = stored.placeOfClockEvent(after: point.passedClockEvents)
    isResumed = true
    let path = point.path
    sources = stored.sources.map { Source(name: $0, path: path) }
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
      guard try take(group, full, empty) else { return nanoseconds }
    }
    while let event = nextEvent, event.afterSequence <= last {
      if !send(event, full, empty) { return nanoseconds }
    }
    delivery.newSymbols += selection.finish()
    _ = send(nil, full, empty)
    return nanoseconds
  }

  private var nextEvent: ClockEvent? {
    passedEvents < stored.clockEvents.count ? stored.clockEvents[passedEvents] : nil
  }

  /// Adds the inputs of a group; false where these were all, or nobody takes any more.
  private mutating func take(
    _ group: [SequencedTick], _ full: Channel<RunFeed.Delivery>,
    _ empty: Channel<RunFeed.Delivery>
  ) throws(JournalError) -> Bool {
    var place = group.firstIndex { $0.sequence > firstSequence } ?? group.count
    while place < group.count {
      if group[place].sequence > last {
        _ = send(nil, full, empty)
        return false
      }
      let end = endOfPlain(group, from: place)
      if end > place {
        add(group[place..<end])
        if isFull, !send(nil, full, empty) { return false }
        place = end
      } else {
        guard try take(group[place], full, empty) else { return false }
        place += 1
      }
    }
    return true
  }

  /// Up to where inputs are taken at once as they are: those for which there is room, of known symbols
  /// and feeds, in front of the next event.
  private func endOfPlain(_ group: [SequencedTick], from place: Int) -> Int {
    guard selection.isOpen, pace == nil else { return place }
    let border = min(last, nextEvent?.afterSequence ?? .max)
    let most = min(group.count, place + batchCount - delivery.batch.ticks.count)
    var end = place
    while end < most, group[end].sequence <= border {
      let (symbol, source) = (group[end].tick.symbol, group[end].tick.source)
      guard symbol == .unknown || symbol.index < selection.count, source.index < sources.count
      else { break }
      end += 1
    }
    return end
  }

  private mutating func add(_ ticks: ArraySlice<SequencedTick>) {
    examined += ticks.count
    delivery.batch.ticks += ticks
    delivery.batch.origins += repeatElement(Self.noOrigin, count: ticks.count)
  }

  /// What the row was is not known any more.
  private static let noOrigin = RowOrigin(line: 0, offset: 0, length: 0)

  private var isFull: Bool { delivery.batch.ticks.count >= batchCount }

  /// Adds an input, if it is one, in its turn; false where nobody takes any more.
  private mutating func take(
    _ tick: SequencedTick, _ full: Channel<RunFeed.Delivery>, _ empty: Channel<RunFeed.Delivery>
  ) throws(JournalError) -> Bool {
    examined += 1
    while let event = nextEvent, tick.sequence > event.afterSequence {
      guard awaitTurn(of: event.time, full, empty), send(event, full, empty) else { return false }
    }
    let symbol = tick.tick.symbol
    guard symbol == .unknown || symbol.index < stored.symbols.count,
      tick.tick.source.index < sources.count
    else {
      let place = tick.sequence...tick.sequence
      throw .damaged(path: path, sequences: place, reason: "its symbol or its feed has no name")
    }
    guard let name = selection.take(symbol, at: tick.tick.time) else { return true }
    if pace != nil, !awaitTurn(of: tick.tick.time, full, empty) { return false }
    delivery.batch.ticks.append(tick)
    if name != symbol { delivery.batch.ticks[delivery.batch.ticks.count - 1].tick.symbol = name }
    delivery.batch.origins.append(Self.noOrigin)
    if selection.hasNewNames { delivery.newSymbols += selection.newNames() }
    return !isFull || send(nil, full, empty)
  }

  /// Waits until an input of that time is due, and shows meanwhile that the run goes on; false where
  /// nobody takes any more.
  private mutating func awaitTurn(
    of time: Timestamp, _ full: Channel<RunFeed.Delivery>, _ empty: Channel<RunFeed.Delivery>
  ) -> Bool {
    while let wait = pace?.nanosecondsToWait(for: time, now: MonotonicClock.nanoseconds) {
      if !send(nil, full, empty) { return false }
      pace?.pause(wait)
    }
    return true
  }

  /// Sends what was added, and the event after it; false where nobody takes it.
  private mutating func send(
    _ event: ClockEvent?, _ full: Channel<RunFeed.Delivery>, _ empty: Channel<RunFeed.Delivery>
  ) -> Bool {
    if event != nil { passedEvents += 1 }
    delivery.clockEvent = event?.time
    delivery.isKept = isResumed
    if isResumed { delivery.newSymbols.removeAll() }
    taken += delivery.batch.ticks.count
    delivery.progress = Run.Progress(
      bytesRead: Int64(examined), bytesTotal: Int64(stored.count), ticks: taken)
    var next = empty.receiveIfReady() ?? RunFeed.Delivery()
    next.newSymbols.removeAll(keepingCapacity: true)
    next.batch.ticks.removeAll(keepingCapacity: true)
    next.batch.origins.removeAll(keepingCapacity: true)
    swap(&next, &delivery)
    return full.send(next)
  }
}
