internal import LoomCore
internal import LoomNormalization
internal import LoomSystem

/// Takes one symbol from its ticks to its clean bars.
struct BatchBarJob: Sendable {
  let configuration: NormalizationConfiguration
  let cancellation: Cancellation

  /// How many ticks go through the stages together: they stay in the first-level cache.
  private static var batchCount: Int { 256 }

  /// The symbol without its features; with some bars only where the batch was cancelled.
  func run(
    _ input: BatchInput, symbol: SymbolID, stages: inout BatchStages
  ) throws(BatchSymbolError) -> BatchSymbol {
    let start = MonotonicClock.nanoseconds
    let ticks = try Self.ticks(of: input)
    try refuseCoarser(ticks, step: input.barStep)
    var result = try barsAndCounters(
      ticks, name: input.name, symbol: symbol, stages: &stages)
    result.nanoseconds = MonotonicClock.nanoseconds - start
    return result
  }

  private static func ticks(of input: BatchInput) throws(BatchSymbolError) -> [Tick] {
    let ticks: [Tick]
    switch input.rows {
    case .ready(let ready): ticks = ready
    case .loaded(let load):
      do { ticks = try load() } catch { throw .unreadable("\(error)") }
    }
    if ticks.isEmpty { throw .noInput }
    return ticks
  }

  /// Refuses input bars longer than ours; unless given, their step is the smallest between rows.
  private func refuseCoarser(_ ticks: [Tick], step: Timeframe?) throws(BatchSymbolError) {
    let shortest = step?.span ?? Self.shortestStep(ticks.span)
    guard let shortest, shortest > configuration.timeframe.span else { return }
    throw .barsTooCoarse(step: shortest, timeframe: configuration.timeframe)
  }

  /// The smallest positive difference between the input bars among the first 1,000 rows.
  private static func shortestStep(_ ticks: Span<Tick>) -> Nanoseconds? {
    var shortest: Nanoseconds?
    var previous: Timestamp?
    for index in 0..<min(ticks.count, 1000) where ticks[index].flags.contains(.bar) {
      let time = ticks[index].time
      if let previous, time > previous {
        let step = time - previous
        shortest = min(shortest ?? step, step)
      }
      previous = time
    }
    return shortest
  }

  private func barsAndCounters(
    _ ticks: [Tick], name: String, symbol: SymbolID, stages: inout BatchStages
  ) throws(BatchSymbolError) -> BatchSymbol {
    stages.restart()
    var start = 0
    while start < ticks.count, !cancellation.isRequested {
      let end = min(ticks.count, start + Self.batchCount)
      stages.process(ticks.span.extracting(start..<end), first: start)
      start = end
    }
    let bars = stages.finish(symbol: symbol)
    let counters = stages.counters
    if counters.accepted == 0 { throw .nothingAccepted(counters) }
    let spoiled = counters[.malformed] + counters[.duplicate] + counters[.late]
    if 2 * spoiled > counters.received { throw .mostlyRejected(counters) }
    return BatchSymbol(
      name: name, symbol: symbol, bars: bars,
      features: BatchFeatures(columnCount: 0, rowCount: 0), counters: counters, nanoseconds: 0)
  }
}
