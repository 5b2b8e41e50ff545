public import LoomCore

/// The end of a ``Journal`` that inputs are appended to, by one thread at a time.
public struct JournalInput: ~Copyable, Sendable {
  private var producer: RecordProducer<SequencedTick>
  private let progress: JournalProgress
  private let capacity: Int
  /// How many notes were given, those that took another's place aside.
  private var noteCount = 0

  init(
    _ producer: consuming RecordProducer<SequencedTick>, capacity: Int, _ progress: JournalProgress
  ) {
    self.producer = producer
    self.capacity = capacity
    self.progress = progress
  }

  /// How many inputs there is room for, at least.
  ///
  /// - Complexity: O(1), wait-free.
  public var room: Int { capacity - producer.count }

  /// Copies in as many of `ticks` as there is room for, oldest first.
  ///
  /// Their sequences ascend; those that are left out are a gap in the store, which it knows of.
  ///
  /// - Returns: How many.
  /// - Complexity: O(`ticks.count`), no allocation, wait-free.
  public mutating func append(_ ticks: Span<SequencedTick>) -> Int {
    let count = producer.push(ticks)
    if count > 0 { progress.took(through: ticks[count - 1].sequence) }
    return count
  }

  /// Appends a move of the market clock that no tick made, before any input behind it.
  public mutating func append(clock event: ClockEvent) { note(.clock(event)) }

  /// Names a symbol, before any input of it.
  public mutating func register(_ symbol: SymbolID, name: String) {
    note(.symbol(symbol, name))
  }

  /// Names a feed, before any input of it.
  public mutating func register(_ source: SourceID, name: String) {
    note(.source(source, name))
  }

  /// Appends that a symbol takes no more inputs behind one.
  public mutating func append(retired symbol: SymbolID, after sequence: UInt64) {
    note(.retired(symbol, after: sequence))
  }

  /// Keeps how many rows were refused before they had a place in the order.
  public mutating func put(_ counter: StoreCounter) { note(.counter(counter)) }

  /// Appends a snapshot of the state behind an input that was appended.
  public mutating func append(_ snapshot: StoreSnapshot) { note(.snapshot(snapshot)) }

  /// Tells that inputs are left out: nothing can be kept, and they go on.
  public mutating func leaveOut(_ sequences: ClosedRange<UInt64>) { progress.missed(sequences) }

  private mutating func note(_ note: JournalNote) {
    if progress.note(note) { noteCount += 1 }
  }

  /// How many notes were given so far: ``Journal/isKept(notes:)`` tells of them.
  package var notesGiven: Int { noteCount }
}
