internal import LoomCore
internal import LoomNormalization

/// The bar of each symbol that closed last.
struct LatestBars {
  /// By ``SymbolID``.
  private var bars: [CleanBar?] = []

  mutating func add(_ closed: Span<CleanBar>) {
    for index in closed.indices {
      let symbol = closed[index].bar.symbol.index
      while bars.count <= symbol { bars.append(nil) }
      bars[symbol] = closed[index]
    }
  }

  /// Takes over bars of one symbol that a late tick has changed.
  mutating func revise(_ revised: [RevisedBar]) {
    for revised in revised {
      let (bar, symbol) = (revised.clean.bar, revised.clean.bar.symbol.index)
      while bars.count <= symbol { bars.append(nil) }
      if bars[symbol].map({ $0.bar.start <= bar.start }) ?? true { bars[symbol] = revised.clean }
    }
  }

  /// That of `symbol`; nil before one closed.
  func bar(of symbol: SymbolID) -> CleanBar? {
    symbol.index < bars.count ? bars[symbol.index] : nil
  }
}
