public import LoomCore
public import LoomImport
internal import LoomJournal
internal import LoomNormalization
public import LoomSystem

/// What an ``Engine`` knows before its first live tick.
public enum EngineHistory: Sendable {
  /// Ticks or bars from files, taken as if they came live.
  case files([InputLocation], ImportConfiguration)
  /// The bars of a store, of the engine's own timeframe: they are as they were, and so are the
  /// features, returns and versions made of them.
  case store(path: String)

  /// What was taken.
  public struct Summary: Hashable, Sendable {
    /// Ticks, or bars, that were taken.
    public var taken = 0
    /// How many were left out, as the engine has no such symbol.
    public var unregistered = 0
    /// How many were left out, as they belong to what comes live: from the end on.
    public var afterEnd = 0
    /// What comes live is taken from here on; what lies before is a duplicate of the history.
    public var end = Timestamp.distantPast
  }
}

extension Engine {
  /// Takes history, before the first live tick.
  ///
  /// Feeds may push meanwhile: what lies before the end of the history is refused as a
  /// ``LoomCore/RejectReason/duplicate`` of it, and of the history what lies after; so nothing is
  /// missing and nothing counts twice. Symbols are matched by name. Several pieces may follow each
  /// other, oldest first.
  ///
  /// A symbol of which the history has bars alone takes its price as its first live tick says.
  ///
  /// - Parameters:
  ///   - history: Where it comes from.
  ///   - end: Where the live part begins; nil has it begin right after the history.
  ///   - cancellation: Looked at between batches.
  /// - Returns: What was taken.
  /// - Throws: ``LoomNormalization/ConfigurationError`` where a live tick was taken already, the
  ///   engine was started with several shards, or the store has another timeframe;
  ///   ``LoomImport/ImportError``, ``LoomJournal/JournalError`` where it cannot be read; and as
  ///   ``poll()``.
  @discardableResult
  public func take(
    _ history: EngineHistory, until end: Timestamp? = nil, cancellation: Cancellation? = nil
  ) throws -> EngineHistory.Summary {
    var summary = EngineHistory.Summary()
    switch history {
    case .files(let inputs, let importing):
      try take(inputs, importing, end, cancellation, &summary)
    case .store(let path): try take(store: path, end, cancellation, &summary)
    }
    summary.end = end ?? summary.end
    let reached = summary.end
    withCore { $0.endHistory(at: reached) }
    return summary
  }

  private func take(
    _ inputs: [InputLocation], _ importing: ImportConfiguration, _ end: Timestamp?,
    _ cancellation: Cancellation?, _ summary: inout EngineHistory.Summary
  ) throws {
    let reader = try TickReader(
      inputs: inputs, configuration: importing, cancellation: cancellation)
    let spans = reader.sources.map { $0.isBars ? $0.step?.span ?? .zero : Nanoseconds(1) }
    let sources = try withCore { core in
      try core.requireHistory()
      return core.register(sources: reader.sources.map(\.name))
    }
    var names = HistoryNames()
    var batch = InputBatch()
    while try reader.read(into: &batch) {
      if cancellation?.isRequested == true { throw SystemError.cancelled }
      names.extend(reader.symbols.names) { name in symbol(name) }
      var ticks: [Tick] = []
      for index in batch.ticks.indices {
        var tick = batch.ticks[index].tick
        if tick.symbol != .unknown {
          guard let symbol = names[tick.symbol] else {
            summary.unregistered += 1
            continue
          }
          tick.symbol = symbol
        }
        if let end, tick.time >= end {
          summary.afterEnd += 1
          continue
        }
        if tick.flags.refusal == nil {
          summary.end = max(summary.end, tick.time + spans[tick.source.index])
        }
        tick.source = sources[tick.source.index]
        ticks.append(tick)
      }
      summary.taken += ticks.count
      let taken = ticks
      try withCore { try $0.take(history: taken) }
    }
  }

  private func take(
    store path: String, _ end: Timestamp?, _ cancellation: Cancellation?,
    _ summary: inout EngineHistory.Summary
  ) throws {
    var reader = try StoreReader(path: path)
    let timeframe = configuration.pipeline.normalization.timeframe
    guard reader.timeframe == timeframe else {
      throw ConfigurationError(
        field: "history", value: "\(path), of bars of \(reader.timeframe)",
        allowed: "a store with bars of \(timeframe)")
    }
    let names = reader.sources
    let sources = try withCore { core in
      try core.requireHistory()
      return core.register(sources: names)
    }
    let symbols = reader.symbols.map { symbol($0) }
    var batch: [Bar] = []
    while try reader.read(4096, into: &batch) {
      if cancellation?.isRequested == true { throw SystemError.cancelled }
      var bars: [Bar] = []
      for var bar in batch {
        guard bar.symbol.index < symbols.count, let symbol = symbols[bar.symbol.index] else {
          summary.unregistered += 1
          continue
        }
        // A bar that is still open at the end is made of what comes live.
        if let end, bar.start + timeframe.span > end {
          summary.afterEnd += 1
          continue
        }
        bar.symbol = symbol
        bar.source =
          bar.source.index < sources.count ? sources[bar.source.index] : SourceID(rawValue: 0)
        summary.end = max(summary.end, bar.start + timeframe.span)
        bars.append(bar)
      }
      summary.taken += bars.count
      let taken = bars
      try withCore { try $0.take(history: taken) }
    }
  }
}

/// The engine's identifiers of a reader's symbols.
private struct HistoryNames {
  private var symbols: [SymbolID?] = []

  mutating func extend(_ names: [String], _ find: (String) -> SymbolID?) {
    for name in names[symbols.count...] { symbols.append(find(name)) }
  }

  subscript(symbol: SymbolID) -> SymbolID? {
    symbol.index < symbols.count ? symbols[symbol.index] : nil
  }
}
