internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization

extension Pipeline {
  /// Folds what was accepted; at each late tick that corrects a bar, everything before it comes out
  /// first and then what it changes.
  mutating func foldAndCorrect<Consumer: PipelineConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) throws {
    var ticks = take(&priced)
    defer { swap(&priced, &ticks) }
    let count = unfoldedCount
    unfoldedCount = 0
    var start = 0
    for place in 0..<count where ticks[place].isCorrecting {
      fold(ticks.span.extracting(start..<place))
      try publish(through: ticks[place].marketClock, into: &consumer)
      try correct(ticks[place], into: &consumer)
      start = place + 1
    }
    fold(ticks.span.extracting(start..<count))
  }

  private mutating func fold(_ ticks: Span<PricedTick>) {
    if threads == nil { bars.fold(ticks) } else { threads?.stage(ticks) }
  }

  private mutating func correct<Consumer: PipelineConsumer & ~Copyable>(
    _ tick: PricedTick, into consumer: inout Consumer
  ) throws {
    // From a shard it comes at the beginning of the next batch.
    if threads != nil { return threads?.stage(correcting: tick) ?? () }
    bars.correct(tick)
    features.correct(bars.correction)
    try publish(
      bars.correction.revised, features.rows, of: tick.symbol, sequence: tick.sequence,
      into: &consumer)
  }

  /// Puts out the correction with which a batch from other threads begins, if it does.
  mutating func takeCorrection<Consumer: PipelineConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) throws {
    guard let bars = threads?.revisedBars, let first = bars.first?.clean.bar else { return }
    try publish(
      bars, threads?.revisedRows ?? [], of: first.symbol, sequence: first.causeSequence,
      into: &consumer)
  }

  private mutating func publish<Consumer: PipelineConsumer & ~Copyable>(
    _ bars: [RevisedBar], _ rows: [FeatureRow], of symbol: SymbolID, sequence: UInt64,
    into consumer: inout Consumer
  ) throws {
    try correlator.correct(symbol, bars, rows, sequence: sequence)
    try consumer.take(
      correction: Correction(
        sequence: sequence, symbol: symbol, version: correlator.publisher.latest.number,
        bars: bars, features: rows))
    try consumer.take(version: correlator.publisher.latest)
  }
}
