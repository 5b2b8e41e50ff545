internal import LoomCore

/// A bar that still takes ticks.
struct OpenBar: SnapshotValue {
  // Neighbours here are no neighbours in Bar, which would be copied in pairs: a processor that reads
  // at once what it has just written one by one waits until all of it is in the cache.

  /// Start of its slot; ``Timestamp/distantPast`` while there is no bar.
  var start = Timestamp.distantPast
  var openTime = Timestamp.distantPast
  var closeTime = Timestamp.distantPast
  var high = Double.nan
  var low = Double.nan
  var open = Double.nan
  var close = Double.nan
  var volume = 0.0
  var turnover = 0.0
  var priceSum = 0.0
  var spreadSum = 0.0
  var spreadCount = 0
  var lastSequence: UInt64 = 0
  var tickCount = 0
  var firstSequence: UInt64 = 0
  var source = SourceID(rawValue: 0)

  /// There is no bar.
  init() {}

  /// A bar that was closed before, as far as it tells.
  init(_ bar: Bar, _ timeframe: Timeframe) {
    let count = Double(bar.tickCount)
    start = bar.start
    openTime = bar.start
    closeTime = Timestamp(nanoseconds: (bar.start + timeframe.span).nanoseconds - 1)
    high = bar.high
    low = bar.low
    open = bar.open
    close = bar.close
    volume = bar.volume
    turnover = bar.vwap * bar.volume
    priceSum = bar.vwap * count
    spreadSum = bar.spreadEstimate.isNaN ? 0 : bar.spreadEstimate * count
    spreadCount = bar.spreadEstimate.isNaN ? 0 : Int(bar.tickCount)
    lastSequence = bar.lastSequence
    tickCount = Int(bar.tickCount)
    firstSequence = bar.firstSequence
    source = bar.source
  }

  /// Whether there is no bar.
  var isEmpty: Bool { start == .distantPast }

  /// Becomes the bar of a slot with its first tick.
  @inline(__always)
  mutating func begin(start: Timestamp, _ tick: PricedTick) {
    self.start = start
    openTime = tick.time
    closeTime = tick.time
    open = tick.open
    high = tick.high
    low = tick.low
    close = tick.close
    volume = 0
    turnover = 0
    priceSum = 0
    spreadSum = 0
    spreadCount = 0
    tickCount = 0
    firstSequence = tick.sequence
    source = tick.source
    accumulate(tick)
  }

  /// Adds one more tick; ties in event time follow arrival.
  @inline(__always)
  mutating func add(_ tick: PricedTick) {
    // Selections instead of branches: which tick is the highest so far cannot be predicted.
    let isFirst = tick.time < openTime
    openTime = isFirst ? tick.time : openTime
    open = isFirst ? tick.open : open
    let isLast = tick.time >= closeTime
    closeTime = isLast ? tick.time : closeTime
    close = isLast ? tick.close : close
    high = tick.high > high ? tick.high : high
    low = tick.low < low ? tick.low : low
    accumulate(tick)
  }

  @inline(__always)
  private mutating func accumulate(_ tick: PricedTick) {
    volume += tick.size
    turnover += tick.close * tick.size
    priceSum += tick.close
    let hasSpread = tick.spread == tick.spread
    spreadSum += hasSpread ? tick.spread : 0
    spreadCount += hasSpread ? 1 : 0
    tickCount += 1
    lastSequence = tick.sequence
  }

  @inline(__always)
  func finished(symbol: SymbolID, gapSlots: Int64, cause: UInt64) -> Bar {
    Bar(
      start: start, symbol: symbol, source: source, open: open, high: high, low: low, close: close,
      volume: volume, vwap: volume > 0 ? turnover / volume : priceSum / Double(tickCount),
      spreadEstimate: spreadCount > 0 ? spreadSum / Double(spreadCount) : .nan,
      tickCount: Int64(tickCount), gapSlots: gapSlots,
      firstSequence: firstSequence, lastSequence: lastSequence, causeSequence: cause)
  }
}
