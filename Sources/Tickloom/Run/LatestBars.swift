internal import LoomCore

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

  /// That of `symbol`; nil before one closed.
  func bar(of symbol: SymbolID) -> CleanBar? {
    symbol.index < bars.count ? bars[symbol.index] : nil
  }
}
