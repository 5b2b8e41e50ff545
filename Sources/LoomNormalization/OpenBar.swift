internal import LoomCore

/// A bar that still takes ticks.
struct OpenBar {
  var start = Timestamp.distantPast
  var openTime = Timestamp.distantPast
  var closeTime = Timestamp.distantPast
  var open = Double.nan
  var high = Double.nan
  var low = Double.nan
  var close = Double.nan
  var volume = 0.0
  var turnover = 0.0
  var priceSum = 0.0
  var spreadSum = 0.0
  var spreadCount = 0
  /// 0 while there is no bar.
  var tickCount = 0
  var firstSequence: UInt64 = 0
  var lastSequence: UInt64 = 0
  var source = SourceID(rawValue: 0)

  init() {}

  init(start: Timestamp, first tick: PricedTick) {
    self.start = start
    openTime = tick.time
    closeTime = tick.time
    open = tick.open
    high = tick.high
    low = tick.low
    close = tick.close
    firstSequence = tick.sequence
    source = tick.source
    accumulate(tick)
  }

  /// Adds one more tick; ties in event time follow arrival.
  @inline(__always)
  mutating func add(_ tick: PricedTick) {
    if tick.time < openTime {
      openTime = tick.time
      open = tick.open
    }
    if tick.time >= closeTime {
      closeTime = tick.time
      close = tick.close
    }
    if tick.high > high { high = tick.high }
    if tick.low < low { low = tick.low }
    accumulate(tick)
  }

  @inline(__always)
  private mutating func accumulate(_ tick: PricedTick) {
    volume += tick.size
    turnover += tick.close * tick.size
    priceSum += tick.close
    if !tick.spread.isNaN {
      spreadSum += tick.spread
      spreadCount += 1
    }
    tickCount += 1
    lastSequence = tick.sequence
  }

  func finished(symbol: SymbolID, gapSlots: Int64) -> Bar {
    Bar(
      start: start, symbol: symbol, source: source, open: open, high: high, low: low, close: close,
      volume: volume, vwap: volume > 0 ? turnover / volume : priceSum / Double(tickCount),
      spreadEstimate: spreadCount > 0 ? spreadSum / Double(spreadCount) : .nan,
      tickCount: Int64(tickCount), gapSlots: gapSlots,
      firstSequence: firstSequence, lastSequence: lastSequence)
  }
}
