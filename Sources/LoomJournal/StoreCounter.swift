public import LoomCore

/// How many rows of a feed were refused before they had a place in the order.
public struct StoreCounter: Hashable, Sendable {
  /// The feed.
  public let source: SourceID
  /// The symbol; ``LoomCore/SymbolID/unknown`` where it was not known.
  public let symbol: SymbolID
  /// Why.
  public let reason: RejectReason
  /// How many.
  public let count: Int

  /// Creates a counter.
  public init(source: SourceID, symbol: SymbolID, reason: RejectReason, count: Int) {
    self.source = source
    self.symbol = symbol
    self.reason = reason
    self.count = count
  }
}
