public import LoomCore
public import LoomNormalization

/// Takes what a ``Pipeline`` puts out, batch by batch, on the thread that feeds it.
///
/// Every span is valid during the call only. What comes, and in which order within its kind, depends
/// on the ticks alone; how it is cut into calls depends on how the ticks were cut into batches.
public protocol PipelineConsumer: ~Copyable {
  /// The inputs of an ``Engine`` in the order it gave them, before they are judged.
  mutating func take(inputs: Span<SequencedTick>) throws
  /// Inputs of the current batch that were refused; `offset` is the batch's place in the ticks given.
  mutating func take(rejections: Span<Rejection>, offset: Int) throws
  /// Bars that closed, per symbol in order of time.
  mutating func take(bars: Span<CleanBar>) throws
  /// The feature rows of the valid ones among those bars, in the same order.
  mutating func take(features: Span<FeatureRow>) throws
  /// What a late tick has changed, with corrections on: bars and feature rows that came before.
  mutating func take(correction: borrowing Correction) throws
  /// A new version; called once for each row and each correction. Borrowed: what is to be kept is
  /// copied.
  mutating func take(version: borrowing HeldVersion) throws
  /// Nothing that starts a slot length or more before `clock` will come any more, corrections aside.
  mutating func take(clock: Timestamp) throws
  /// A rule of the consumer's own, looked at after each cycle: whether an ``Engine`` is to take no
  /// more ticks.
  var isToHalt: Bool { get }
  /// Why; asked for once it is.
  var haltReason: String { get }
}

extension PipelineConsumer where Self: ~Copyable {
  /// Ignores the inputs.
  public mutating func take(inputs: Span<SequencedTick>) throws {}
  /// Ignores the refused inputs.
  public mutating func take(rejections: Span<Rejection>, offset: Int) throws {}
  /// Ignores the bars.
  public mutating func take(bars: Span<CleanBar>) throws {}
  /// Ignores the features.
  public mutating func take(features: Span<FeatureRow>) throws {}
  /// Ignores the corrections.
  public mutating func take(correction: borrowing Correction) throws {}
  /// Ignores the versions.
  public mutating func take(version: borrowing HeldVersion) throws {}
  /// Ignores the clock.
  public mutating func take(clock: Timestamp) throws {}
  /// It may always go on.
  public var isToHalt: Bool { false }
  /// That the consumer asked for it.
  public var haltReason: String { "by a rule of the consumer's" }
}
