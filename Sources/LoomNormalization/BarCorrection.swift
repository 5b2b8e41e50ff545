public import LoomCore

/// A bar as a late tick has left it, and what it takes the place of.
@frozen
public struct RevisedBar: BitwiseCopyable, Sendable {
  /// The bar: its revision is one more than before, its cause the late tick.
  public var clean: CleanBar
  /// Cause of the revision before; 0 where the slot had no bar.
  public var supersededCause: UInt64
  /// Largest journal sequence in the revision before; 0 where the slot had no bar.
  public var supersededSequence: UInt64

  /// Whether the slot had no bar before.
  @inlinable
  public var isNew: Bool { supersededSequence == 0 }

  /// Creates a revision of `before`; of a slot without a bar where that is nil.
  @inlinable
  public init(_ clean: CleanBar, of before: CleanBar?) {
    self.clean = clean
    supersededCause = before?.bar.causeSequence ?? 0
    supersededSequence = before?.bar.lastSequence ?? 0
  }
}

/// What one late tick changes among the closed bars of its symbol; its storage is meant to be reused.
///
/// The bars in reach are there in order of time: those before the first change once, the others as
/// they were and as they are.
public struct BarCorrection: Sendable {
  /// The symbol.
  public private(set) var symbol = SymbolID.unknown
  /// The late tick.
  public private(set) var sequence: UInt64 = 0
  /// The bars in reach before the one it corrects.
  public internal(set) var unchanged: [CleanBar] = []
  /// The others as they were.
  public internal(set) var before: [CleanBar] = []
  /// The others as they are; one more where the slot had no bar.
  public internal(set) var after: [CleanBar] = []
  /// Those that are not what they were; the tick's bar is the first.
  public internal(set) var revised: [RevisedBar] = []

  /// Creates a correction of nothing.
  public init() {}

  mutating func begin(_ tick: PricedTick) {
    symbol = tick.symbol
    sequence = tick.sequence
    unchanged.removeAll(keepingCapacity: true)
    before.removeAll(keepingCapacity: true)
    after.removeAll(keepingCapacity: true)
    revised.removeAll(keepingCapacity: true)
  }
}
