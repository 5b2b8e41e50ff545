import LoomCore
import LoomFeatures
import Testing

struct PropertyTests {
  /// Features whose value is a price, or one over price times volume.
  static let ofScale = ["atr", "ema_20", "macd", "roll_spread", "amihud"]

  @Test(arguments: Market.Kind.allCases)
  func `does not depend on the currency`(_ kind: Market.Kind) {
    var set = FeatureSet.standard()
    var scaled = FeatureSet.standard()
    // A power of two changes no digit, so the values must be the same to the bit.
    for bar in Market.bars(kind, seed: 5, count: 400) {
      let row = set.update(bar)
      let other = scaled.update(bar.scaled(by: 0x1p10))
      for (i, name) in set.names.enumerated() {
        let isPrice = Self.ofScale.contains(where: name.hasPrefix)
        let factor = !isPrice ? 1 : name.hasPrefix("amihud") ? 0x1p-10 : 0x1p10
        #expect(other.values[i].isSame(as: row.values[i] * factor), "\(name)")
      }
    }
  }

  @Test func `is exact after a hundred thousand bars with glitches`() {
    var volatility = FeatureSet(Volatility())
    var shape = FeatureSet(Chain(ReturnShape(), Autocorrelation()))
    var bollinger = FeatureSet(BollingerScore()).normalized()
    let bars = Market.bars(.glitches, seed: 6, count: 100_000)
    let tail = Market.bars(.walk, seed: 7, count: 600)
    for bar in bars + tail {
      _ = volatility.update(bar)
      _ = shape.update(bar)
      _ = bollinger.update(bar)
    }
    var fresh = FeatureSet(
      Chain(Chain(Volatility(), Chain(ReturnShape(), Autocorrelation())), BollingerScore())
    )
    .normalized()
    for bar in tail { _ = fresh.update(bar) }
    let bar = Market.bars(.walk, seed: 8, count: 2)[1]
    let expected = fresh.update(bar).list
    let long = volatility.update(bar).list + shape.update(bar).list
    for (value, fresh) in zip(long, expected) { #expect((value / fresh - 1).magnitude < 1e-11) }
    let scored = bollinger.update(bar).list
    #expect((scored[0] - expected[4]).magnitude < 1e-10)
    #expect((scored[1] - expected[9]).magnitude < 1e-9)
  }

  @Test func `a bar without a return repeats what is measured on returns`() {
    var set = FeatureSet(
      Chain(Chain(Volatility(), EWMAVolatility()), Chain(ReturnShape(), Autocorrelation())))
    var row = FeatureRow(start: Timestamp(nanoseconds: 0), symbol: SymbolID(rawValue: 0), count: 0)
    for bar in Market.bars(.walk, seed: 9, count: 100) { set.update(bar, into: &row) }
    let before = row.list
    var silent = Market.bars(.walk, seed: 10, count: 1)[0]
    silent.logReturn = .nan
    #expect(set.update(silent).list == before)
    #expect(before.allSatisfy { $0.isFinite })
  }

  @Test func `prices and volumes at the ends of a double give no infinity and no trap`() {
    var set = FeatureSet.standard().normalized(window: 5)
    let extremes = [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, 1, 1e300, 1e-300]
    for (i, bar) in Market.bars(.walk, seed: 11, count: 300).enumerated() {
      var bar = bar
      let price = extremes[i % 5]
      bar.bar.close = price
      bar.bar.high = max(price, bar.bar.high)
      bar.bar.low = min(price, bar.bar.low)
      bar.bar.volume = extremes[i % 3]
      bar.bar.tickCount = i % 2 == 0 ? .max : 0
      #expect(set.update(bar).list.allSatisfy { !$0.isInfinite })
    }
  }

  @Test func `a negative mean of Garman and Klass is no volatility`() {
    var set = FeatureSet(GarmanKlassVolatility(window: 1))
    var bar = Market.bars(.walk, seed: 1, count: 1)[0]
    bar.bar.close = 2 * bar.bar.high
    #expect(set.update(bar).values[0] == 0)
  }

  @Test func `a recursive average skips a bar that would overflow it`() {
    var average = FeatureSet(ExponentialMovingAverage(window: 2))
    var bar = Market.bars(.walk, seed: 1, count: 1)[0]
    let values = [1.7e308, 1.7e308, 1, 7].map { close in
      bar.bar.close = close
      return average.update(bar).values[0]
    }
    #expect(values[1].isNaN)
    #expect(values[2] == 0.85e308)
    #expect(values[3] == 0.85e308 + (7 - 0.85e308) * (2 / 3.0))
  }
}

extension CleanBar {
  /// The same bar with every price multiplied.
  fileprivate func scaled(by factor: Double) -> CleanBar {
    var result = self
    result.bar.open *= factor
    result.bar.high *= factor
    result.bar.low *= factor
    result.bar.close *= factor
    result.bar.vwap *= factor
    result.bar.spreadEstimate *= factor
    return result
  }
}

extension Double {
  fileprivate func isSame(as other: Double) -> Bool { self == other || isNaN && other.isNaN }
}
