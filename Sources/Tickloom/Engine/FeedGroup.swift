public import LoomCore

/// The end of an ``Engine`` that pushes the ticks of some symbols, from one thread at a time.
public struct FeedGroup: ~Copyable, Sendable {
  /// The feed that its bars name.
  public let source: SourceID
  /// How many ticks the engine's rings took from it so far.
  public private(set) var position: UInt64 = 0
  private var producer: InboxProducer

  init(source: SourceID, producer: consuming InboxProducer) {
    self.source = source
    self.producer = producer
  }

  /// Copies in as many of `ticks` as the symbol's ring has room for, oldest first; returns how many.
  ///
  /// The rest was not taken: push it again, or count it with ``drop(_:_:)``. Their symbol and source
  /// are set to those of this feed.
  ///
  /// - Precondition: `symbol` is one of this group's.
  /// - Complexity: O(`ticks.count`), no allocation, wait-free.
  public mutating func push(_ symbol: SymbolID, _ ticks: Span<Tick>) -> Int {
    let taken = producer.push(symbol, ticks)
    position += UInt64(taken)
    return taken
  }

  /// Gives `count` ticks up, which end as ``LoomCore/RejectReason/overflow``.
  ///
  /// - Precondition: `symbol` is one of this group's.
  public mutating func drop(_ symbol: SymbolID, _ count: Int) { producer.drop(symbol, count) }

  /// Whether `symbol` is one of this group's.
  public func contains(_ symbol: SymbolID) -> Bool { producer.contains(symbol) }
}
