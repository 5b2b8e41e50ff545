public import LoomCore

/// What is looked at from outside, now and then.
extension Guard {
  /// How the inputs of `symbol` ended.
  public func counters(of symbol: SymbolID) -> TickCounters {
    symbol.index < histories.count ? histories[symbol.index].counters : TickCounters()
  }

  /// The latest accepted event time of all symbols; ``Timestamp/distantPast`` before there is one.
  ///
  /// - Complexity: O(symbols).
  public var latestTime: Timestamp {
    histories.indices.reduce(.distantPast) { max($0, histories[$1].latest) }
  }
}
