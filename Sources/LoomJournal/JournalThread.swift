internal import LoomCore
internal import LoomSystem

/// What the thread of a ``Journal`` does: inputs from the ring, in group commits, to the store.
struct JournalThread: ~Copyable, Sendable {
  private let options: JournalOptions
  private let progress: JournalProgress
  private var consumer: RecordConsumer<SequencedTick>
  private var room: [SequencedTick]
  /// The last sequence that was appended, and the last that was committed.
  private var appended: UInt64 = 0
  private var committed: UInt64 = 0
  private var waitingCount = 0
  /// When the first of those that wait for a commit came, in monotonic nanoseconds.
  private var waitingSince: Int64 = 0

  init(
    _ options: JournalOptions, _ progress: JournalProgress,
    _ consumer: consuming RecordConsumer<SequencedTick>
  ) {
    self.options = options
    self.progress = progress
    self.consumer = consumer
    let empty = SequencedTick(sequence: 0, tick: Tick(time: .distantPast, symbol: .unknown))
    room = Array(repeating: empty, count: min(4096, options.groupCount))
  }

  /// Works until the journal is closed and the ring is empty, or until it cannot go on.
  mutating func run(
    _ path: String, _ configuration: StoreConfiguration, _ opened: Channel<JournalError?>
  ) throws(JournalError) {
    do throws(JournalError) {
      var store = try Store(
        path: path, configuration: configuration, durability: options.durability)
      try store.commitBatch()
      opened.send(nil)
      try run(&store)
      try store.close()
      progress.end(nil)
    } catch {
      progress.end(error)
      opened.sendIfRoom(error)
      throw error
    }
  }

  private mutating func run(_ store: inout Store) throws(JournalError) {
    var waiter = Waiter(.park)
    while true {
      // Looked at first: what was appended before it is in the ring by then.
      let isOver = progress.isToEnd
      let count = Self.pop(&consumer, into: &room)
      if count > 0 {
        waiter.reset()
        try append(count, to: &store)
      }
      if isDue || isOver && count == 0 { try commit(&store) }
      if count == 0 {
        if isOver { return }
        waiter.wait()
      }
    }
  }

  private static func pop(
    _ consumer: inout RecordConsumer<SequencedTick>, into room: inout [SequencedTick]
  ) -> Int {
    var span = room.mutableSpan
    return consumer.pop(into: &span)
  }

  private mutating func append(_ count: Int, to store: inout Store) throws(JournalError) {
    if waitingCount == 0 { waitingSince = MonotonicClock.nanoseconds }
    waitingCount += count
    appended = room[count - 1].sequence
    try Self.append(room, count, to: &store)
  }

  // Static, as the store takes a part of the room.
  private static func append(
    _ room: borrowing [SequencedTick], _ count: Int, to store: inout Store
  ) throws(JournalError) {
    try store.append(ticks: room.span.extracting(first: count))
  }

  private var isDue: Bool {
    if waitingCount == 0 { return false }
    return waitingCount >= options.groupCount
      || MonotonicClock.nanoseconds - waitingSince >= options.interval.count
  }

  private mutating func commit(_ store: inout Store) throws(JournalError) {
    if waitingCount == 0 { return }
    try store.commitBatch()
    waitingCount = 0
    progress.reached(options.durability, through: appended)
  }
}
