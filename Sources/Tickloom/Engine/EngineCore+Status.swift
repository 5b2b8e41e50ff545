internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization

/// How an engine stands between two cycles.
extension EngineCore {
  /// How the inputs ended, those that were given up among them.
  mutating func total() -> TickCounters {
    for symbol in desk.open { countOverflow(symbol) }
    return pipeline.gate.total
  }

  private mutating func countOverflow(_ symbol: SymbolID) {
    let dropped = sequencer.door.dropped(symbol)
    // What was pushed into the rings while it stopped is not taken any more.
    let left = isStopped ? UInt64(sequencer.door.count(symbol)) : 0
    pipeline.refuse(symbol, .overflow, count: desk.count(dropped + left, of: symbol))
  }

  /// How it stands with all symbols, in order.
  mutating func statuses() -> [SymbolStatus] {
    let latest = pipeline.gate.latestTime
    return symbols.names.indices.map { status(SymbolID(rawValue: UInt32($0)), latest) }
  }

  /// How it stands with a symbol that is registered.
  mutating func status(of symbol: SymbolID) -> SymbolStatus {
    precondition(
      symbol.index < symbols.names.count, "symbol \(symbol.rawValue) of \(symbols.names.count)")
    return status(symbol, pipeline.gate.latestTime)
  }

  private mutating func status(_ symbol: SymbolID, _ latest: Timestamp) -> SymbolStatus {
    let isOpen = desk.isOpen(symbol)
    if isOpen { countOverflow(symbol) }
    let time = pipeline.gate.latestTime(of: symbol)
    let hasTicks = time > .distantPast
    let lateness = pipeline.configuration.normalization.lateness
    let reached = max(hasTicks ? time - lateness : .distantPast, pipeline.gate.marketClock)
    let price = pipeline.gate.lastPrice(of: symbol)
    let sample = sequencer.visits.sample(of: symbol)
    let bars = consumer.barCounts
    return SymbolStatus(
      symbol: symbol, name: symbols.names[symbol.index],
      hasFeed: sequencer.door.isProducing(symbol), isRetired: desk.isRetired(symbol),
      lastTime: hasTicks ? time : nil,
      lastPrice: price.isNaN ? nil : price, watermark: reached > .distantPast ? reached : nil,
      lag: hasTicks ? latest - time : nil, waiting: isOpen ? sequencer.door.count(symbol) : 0,
      counters: pipeline.gate.counters(of: symbol),
      bars: symbol.index < bars.count ? bars[symbol.index] : 0, timedTicks: sample.ticks,
      timed: Nanoseconds(sample.nanoseconds))
  }
}
