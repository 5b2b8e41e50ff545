internal import LoomCore
internal import LoomNormalization

/// The bar of each symbol that closed last.
struct LatestBars: SnapshotState {
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

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("latest")
    var count = bars.count
    try coder.length(&count)
    if Coder.isReading { bars = [] }
    for symbol in 0..<count {
      var bar = Coder.isReading ? nil : bars[symbol]
      try coder.optional(&bar, filler: .none)
      try coder.require(bar.map { $0.bar.symbol.index == symbol } ?? true, "the symbol of a bar")
      if Coder.isReading { bars.append(bar) }
    }
  }
}
