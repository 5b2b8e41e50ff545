public import LoomCore

/// The end of a ``Journal`` that inputs are appended to, by one thread at a time.
public struct JournalInput: ~Copyable, Sendable {
  private var producer: RecordProducer<SequencedTick>
  private let progress: JournalProgress

  init(_ producer: consuming RecordProducer<SequencedTick>, _ progress: JournalProgress) {
    self.producer = producer
    self.progress = progress
  }

  /// Copies in as many of `ticks` as there is room for, oldest first; their sequences follow those
  /// before.
  ///
  /// Where the journal cannot go on, nothing is taken once its ring is full; see ``Journal/failure``.
  ///
  /// - Returns: How many.
  /// - Complexity: O(`ticks.count`), no allocation, wait-free.
  public mutating func append(_ ticks: Span<SequencedTick>) -> Int {
    let count = producer.push(ticks)
    if count > 0 { progress.took(through: ticks[count - 1].sequence) }
    return count
  }
}
