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

  fileprivate var isStore: Bool { if case .store = self { true } else { false } }

  /// What was taken.
  public struct Summary: Hashable, Sendable {
    /// Ticks, or bars, that were taken; of ticks those that were rejected are among them.
    public var taken = 0
    /// How many an earlier piece of history has reached already; ticks of them count as
    /// ``LoomCore/RejectReason/duplicate``.
    public var repeated = 0
    /// How many were left out, as the engine has no such symbol.
    public var unregistered = 0
    /// How many were left out, as they belong to what comes live: from the end on.
    public var afterEnd = 0
    /// From here on everything that comes live is taken, whatever its symbol; before, what lies
    /// behind the end of its symbol's history.
    public var end = Timestamp.distantPast
  }
}

extension Engine {
  /// Takes history, before the first live tick.
  ///
  /// Cycles take nothing meanwhile: what feeds push stays in their rings, and beyond that their
  /// policy decides. ``advance(to:)`` takes effect at the end, behind what they have pushed by then.
  /// ``stop()`` ends the history where it is, and this throws; several shards start after it alone.
  ///
  /// What comes live is a ``LoomCore/RejectReason/duplicate`` up to the
  /// last time of its symbol that the history has, rejected rows aside; so no wrong row decides what
  /// is taken live, no symbol that of another, and one whose history ends early goes on from there.
  /// With `end` that is the border for all. So nothing is missing and nothing counts twice, as far
  /// as the history holds all there was up to its end. Symbols are matched by name.
  ///
  /// Where this throws, what was taken until then stays, and the same can be taken again. Several
  /// pieces may follow each other, oldest first, stores before files; where they overlap the
  /// earlier one counts.
  ///
  /// A symbol of which the history has bars alone takes its price as its first live tick says.
  ///
  /// - Parameters:
  ///   - history: Where it comes from.
  ///   - end: Where the live part begins; nil has it begin right after the history of each symbol.
  ///   - cancellation: Looked at between batches.
  /// - Returns: What was taken.
  /// - Throws: ``LoomNormalization/ConfigurationError`` where a live tick was taken already, the
  ///   engine was stopped or started with several shards, other history is being taken, or a store
  ///   has another timeframe or follows files; ``LoomImport/ImportError``,
  ///   ``LoomJournal/JournalError`` where it cannot be read; and as ``poll()``.
  @discardableResult
  public func take(
    _ history: EngineHistory, until end: Timestamp? = nil, cancellation: Cancellation? = nil
  ) throws -> EngineHistory.Summary {
    var summary = EngineHistory.Summary()
    try withCore { core in try core.beginHistory(ofStore: history.isStore) }
    do {
      switch history {
      case .files(let inputs, let importing):
        try take(inputs, importing, end, cancellation, &summary)
      case .store(let path): try take(store: path, end, cancellation, &summary)
      }
    } catch {
      // It has ended where it has come to; this error came first.
      _ = try? withCore { core in try core.endHistory(at: nil) }
      throw error
    }
    summary.end = try withCore { core in try core.endHistory(at: end) }
    return summary
  }

  private func take(
    _ inputs: [InputLocation], _ importing: ImportConfiguration, _ end: Timestamp?,
    _ cancellation: Cancellation?, _ summary: inout EngineHistory.Summary
  ) throws {
    let reader = try TickReader(
      inputs: inputs, configuration: importing, cancellation: cancellation)
    let spans = reader.sources.map { $0.isBars ? $0.step?.span ?? .tick : .tick }
    let names = reader.sources.map(\.name)
    let sources = withCore { core in core.register(sources: names) }
    var known = HistoryNames()
    var batch = InputBatch()
    while try reader.read(into: &batch) {
      if cancellation?.isRequested == true { throw SystemError.cancelled }
      known.extend(reader.symbols.names) { name in symbol(name) }
      var ticks: [(tick: Tick, end: Timestamp)] = []
      for index in batch.ticks.indices {
        var tick = batch.ticks[index].tick
        if tick.symbol != .unknown {
          guard let symbol = known[tick.symbol] else {
            summary.unregistered += 1
            continue
          }
          tick.symbol = symbol
        }
        let tickEnd = tick.time + spans[tick.source.index]
        if let end, tickEnd > end {
          summary.afterEnd += 1
          continue
        }
        tick.source = sources[tick.source.index]
        ticks.append((tick, tickEnd))
      }
      let taken = ticks
      let repeated = try withCore { try $0.take(history: taken) }
      summary.taken += taken.count - repeated
      summary.repeated += repeated
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
    let sources = withCore { core in core.register(sources: names) }
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
        bars.append(bar)
      }
      let taken = bars
      let repeated = try withCore { try $0.take(history: taken) }
      summary.taken += taken.count - repeated
      summary.repeated += repeated
    }
  }
}

extension Nanoseconds {
  /// How long a tick lasts.
  fileprivate static var tick: Nanoseconds { Nanoseconds(1) }
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
