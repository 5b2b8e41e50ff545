internal import LoomCore
internal import LoomSystem

/// What the thread of a ``Journal`` does: inputs from the ring, in group commits, to the store.
///
/// What is not committed stays at hand: where the disk is full or the store cannot be written, it is
/// opened anew behind its last commit, again and again, until that has become possible.
struct JournalThread: ~Copyable, Sendable {
  private let path: String
  private let configuration: StoreConfiguration
  private let options: JournalOptions
  private let progress: JournalProgress
  private var consumer: RecordConsumer<SequencedTick>
  private var store: Store?
  private var symbols: [String] = []
  private var sources: [String] = []
  /// What was taken from the ring and is not committed, and at most a group.
  private var waiting: [SequencedTick] = []
  /// What came beside it, in order.
  private var notes: [JournalNote] = []
  /// How many inputs came from each feed.
  private var rows: [Int] = []
  /// The last input that the store has, or will have.
  private var lastSequence: UInt64 = 0
  /// When the first of those that wait for a commit came, in monotonic nanoseconds.
  private var waitingSince: Int64 = 0
  private var nextTry: Int64 = 0

  /// Most inputs taken before the time is looked at.
  private static let mostAtOnce = 4096
  /// Nothing is ever sent; to wait for a time.
  private let pause = Channel<Bool>(capacity: 1)
  private static let shortestPauseNanoseconds: Int64 = 50_000
  private static let longestPauseNanoseconds: Int64 = 1_000_000
  /// An engine does not fill the ring faster than that.
  private static let nanosecondsPerPlace: Int64 = 5
  /// Between two tries to write again: longer with each in vain.
  private var retryNanoseconds = Self.shortestRetry
  private static let shortestRetry: Int64 = 50_000_000
  private static let longestRetry: Int64 = 1_600_000_000
  /// The rows of notes that were kept.
  private var keptRows: (clockEvents: Int64, changes: Int64) = (0, 0)
  /// How many notes were kept.
  private var keptNotes = 0

  init(
    _ path: String, _ configuration: StoreConfiguration, _ options: JournalOptions,
    _ progress: JournalProgress, _ consumer: consuming RecordConsumer<SequencedTick>
  ) {
    self.path = path
    self.configuration = configuration
    self.options = options
    self.progress = progress
    self.consumer = consumer
  }

  /// Works until the journal is closed and the ring is empty.
  ///
  /// - Throws: Why the store cannot be opened; why what was appended cannot be kept at the end.
  mutating func run(
    _ resumption: StoreResumption?, _ opened: Channel<JournalError?>
  ) throws(JournalError) {
    do throws(JournalError) {
      try open(resumption, isPart: true)
      if let rows = store?.noteRows { keptRows = rows }
      progress.begin(behind: lastSequence, options.durability)
      opened.send(nil)
      try work()
      try store.take()?.close()
      progress.end(nil)
    } catch {
      progress.end(error)
      opened.sendIfRoom(error)
      throw error
    }
  }

  private mutating func open(
    _ resumption: StoreResumption?, isPart: Bool
  ) throws(JournalError) {
    var store =
      if let resumption {
        try Store(
          resuming: resumption, configuration: configuration, durability: options.durability,
          isPart: isPart)
      } else {
        try Store(path: path, configuration: configuration, durability: options.durability)
      }
    if let resumption, symbols.isEmpty {
      (symbols, sources) = (resumption.symbols, resumption.sources)
    }
    rows = []
    for position in resumption?.positions ?? [] { count(position.rows, from: position.source) }
    lastSequence = store.lastSequence
    try store.commitBatch()
    self.store = consume store
  }

  private mutating func work() throws(JournalError) {
    var waiter = Waiter(.park)
    while true {
      // Looked at first: what was appended before it is in the ring by then.
      let isOver = progress.isToEnd
      if store == nil {
        guard try reopen(isOver) else {
          waiter.wait()
          continue
        }
      }
      let count = waiting.count < options.groupCount ? take() : 0
      if count > 0 { waiter.reset() }
      do throws(JournalError) {
        if isDue || isOver && count == 0 { try commit() }
      } catch {
        fail(error)
        continue
      }
      if count == 0 {
        if isOver { return }
        waitForMore(&waiter)
      }
    }
  }

  /// Waits while others fill the ring: not until it is full, nor longer than a commit can wait.
  ///
  /// To look again and again would take longer than to write what comes meanwhile.
  private func waitForMore(_ waiter: inout Waiter) {
    let longest = min(
      options.interval.count / 8, Int64(options.capacity) * Self.nanosecondsPerPlace,
      Self.longestPauseNanoseconds)
    if longest < Self.shortestPauseNanoseconds { return waiter.wait() }
    let isWaiting = !waiting.isEmpty || !notes.isEmpty
    let due = isWaiting ? waitingSince + options.interval.count : .max
    _ = pause.receive(until: min(MonotonicClock.nanoseconds + longest, due))
  }

  /// Takes inputs from the ring, and what came beside them.
  private mutating func take() -> Int {
    let room = min(Self.mostAtOnce, options.groupCount - waiting.count)
    let wasEmpty = waiting.isEmpty && notes.isEmpty
    let count = consumer.pop(appendingTo: &waiting, atMost: room)
    // After the inputs: what stands in front of one has come by then.
    notes += progress.takeNotes()
    if wasEmpty, !waiting.isEmpty || !notes.isEmpty { waitingSince = MonotonicClock.nanoseconds }
    return count
  }

  /// Appends what waits, as groups without gaps.
  private mutating func append() throws(JournalError) {
    var noted = 0
    while noted < notes.count, case let note = notes[noted], note.after == 0 {
      try append(note)
      noted += 1
    }
    var start = 0
    while start < waiting.count {
      let first = waiting[start].sequence
      if first > lastSequence + 1 { try leaveGap(before: first) }
      let end = endOfGroup(from: start)
      try Self.append(waiting, start..<end, to: &store)
      for place in start..<end { count(1, from: waiting[place].tick.source) }
      lastSequence = waiting[end - 1].sequence
      start = end
    }
    for note in notes[noted...] { try append(note) }
    for source in rows.indices where rows[source] > 0 && !waiting.isEmpty {
      let source = SourceID(rawValue: UInt16(source))
      try store?.put(StorePosition(source: source, rows: rows[source.index], line: 0))
    }
  }

  private mutating func count(_ count: Int, from source: SourceID) {
    while rows.count <= source.index { rows.append(0) }
    rows[source.index] += count
  }

  /// Up to where no sequence is left out; they ascend.
  private func endOfGroup(from start: Int) -> Int {
    let (first, last) = (waiting[start].sequence, waiting[waiting.count - 1].sequence)
    if last - first == UInt64(waiting.count - start - 1) { return waiting.count }
    var end = start + 1
    while end < waiting.count, waiting[end].sequence == waiting[end - 1].sequence + 1 { end += 1 }
    return end
  }

  private mutating func leaveGap(before sequence: UInt64) throws(JournalError) {
    try store?.append(missingThrough: sequence - 1)
    progress.missed((lastSequence + 1)...(sequence - 1))
  }

  // Static, as the store takes a part of what waits.
  private static func append(
    _ waiting: borrowing [SequencedTick], _ range: Range<Int>, to store: inout Store?
  ) throws(JournalError) {
    try store?.append(group: waiting.span.extracting(range))
  }

  private mutating func append(_ note: JournalNote) throws(JournalError) {
    switch note {
    case .symbol(let symbol, let name):
      while symbols.count <= symbol.index { symbols.append("") }
      symbols[symbol.index] = name
      try nameAll()
    case .source(let source, let name):
      while sources.count <= source.index { sources.append("") }
      sources[source.index] = name
      try nameAll()
    case .clock(let event): try store?.append(clock: event)
    case .retired(let symbol, let sequence): try store?.append(retired: symbol, after: sequence)
    case .counter(let counter): try store?.put(counter)
    case .snapshot(let snapshot): try store?.append(snapshot)
    }
  }

  /// Names the symbols and feeds that the store does not know.
  private mutating func nameAll() throws(JournalError) {
    while let known = store?.symbolCount, known < symbols.count {
      try store?.register(SymbolID(rawValue: UInt32(known)), name: symbols[known])
    }
    while let known = store?.sourceCount, known < sources.count {
      try store?.register(SourceID(rawValue: UInt16(known)), name: sources[known])
    }
  }

  private var isDue: Bool {
    if waiting.isEmpty && notes.isEmpty { return false }
    return waiting.count >= options.groupCount
      || MonotonicClock.nanoseconds - waitingSince >= options.interval.count
  }

  private mutating func commit() throws(JournalError) {
    if waiting.isEmpty && notes.isEmpty { return }
    try append()
    let before = store?.batchCount
    do throws(JournalError) {
      try store?.commitBatch()
    } catch {
      // What failed may be what follows on a commit.
      if let now = store?.batchCount, now != before { endBatch() }
      throw error
    }
    endBatch()
  }

  private mutating func endBatch() {
    keptNotes += notes.count
    if let rows = store?.noteRows { keptRows = rows }
    waiting.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    progress.kept(notes: keptNotes)
    progress.reached(options.durability, through: lastSequence)
  }

  // MARK: Failures

  /// Drops the notes of which the store has the rows; of the others a second time changes nothing.
  private mutating func dropKeptNotes() {
    guard let rows = store?.noteRows else { return }
    var (events, changes) = (
      rows.clockEvents - keptRows.clockEvents, rows.changes - keptRows.changes
    )
    let count = notes.count
    notes.removeAll { note in
      switch note {
      case .clock:
        events -= 1
        return events >= 0
      case .retired:
        changes -= 1
        return changes >= 0
      default: return false
      }
    }
    keptNotes += count - notes.count
    keptRows = rows
  }

  private mutating func fail(_ error: JournalError) {
    store = nil
    progress.fail(error)
    nextTry = MonotonicClock.nanoseconds + retryNanoseconds
    retryNanoseconds = min(2 * retryNanoseconds, Self.longestRetry)
  }

  /// Opens the store behind its last commit, if it is time to try; whether it is open.
  ///
  /// - Throws: What was in the way, where nobody waits for better times.
  private mutating func reopen(_ isOver: Bool) throws(JournalError) -> Bool {
    if MonotonicClock.nanoseconds < nextTry, !isOver { return false }
    do throws(JournalError) {
      try open(StoreFile.isNothing(path) ? nil : StoreResumption(path: path), isPart: false)
      // The commit that has failed may have been one after all.
      dropKeptNotes()
      waiting.removeAll { $0.sequence <= lastSequence }
      progress.reached(options.durability, through: lastSequence)
      try nameAll()
      try commit()
      progress.recover()
      retryNanoseconds = Self.shortestRetry
      return true
    } catch {
      fail(error)
      if isOver { throw error }
      return false
    }
  }
}
