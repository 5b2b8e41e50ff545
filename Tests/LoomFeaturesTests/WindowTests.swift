import LoomCore
import LoomFeatures
import Testing

struct WindowTests {
  @Test func `names every configured window`() {
    let set = FeatureSet.standard(
      FeatureConfiguration(
        logReturnHorizons: (2, 3, 4), volatilityWindow: 5, ewmaDecay: 0.975, rangeWindow: 6,
        wilderWindow: 7, averageWindow: 8, macdWindows: (9, 10, 11), activityWindow: 12,
        rollWindow: 13, shapeWindow: 14, drawdownWindow: 15, efficiencyWindow: 16))
    let expected = """
      log_return_2 log_return_3 log_return_4 volatility_5 ewma_volatility_97.5 parkinson_6 \
      garman_klass_6 atr_7 rsi_7 ema_8 macd_9_10_11 macd_signal_9_10_11 macd_histogram_9_10_11 \
      sma_ratio_8 ema_ratio_8 bollinger_z_8 volume_z_12 vwap_deviation_12 amihud_12 \
      roll_spread_13 relative_spread skew_14 kurtosis_14 autocorrelation_14 drawdown_15 \
      efficiency_ratio_16 tick_rate_z_12
      """
    #expect(set.names == expected.split(separator: " ").map(String.init))
  }

  @Test func `is defined from the documented bar on`() {
    var set = FeatureSet.standard()
    var first: [String: Int] = [:]
    for (place, bar) in Market.bars(.walk, seed: 3, count: 70).enumerated() {
      for (name, value) in zip(set.names, set.update(bar).list) where !value.isNaN {
        first[name] = first[name] ?? place + 1
      }
    }
    #expect(
      first == [
        "log_return_1": 2, "log_return_5": 6, "log_return_20": 21, "volatility_20": 21,
        "ewma_volatility_94": 2, "parkinson_20": 20, "garman_klass_20": 20, "atr_14": 15,
        "rsi_14": 15, "ema_20": 20, "macd_12_26_9": 34, "macd_signal_12_26_9": 34,
        "macd_histogram_12_26_9": 34, "sma_ratio_20": 20, "ema_ratio_20": 20,
        "bollinger_z_20": 20, "volume_z_20": 20, "vwap_deviation_20": 20, "amihud_20": 20,
        "roll_spread_20": 22, "relative_spread": 1, "skew_60": 61, "kurtosis_60": 61,
        "autocorrelation_60": 62, "drawdown_60": 60, "efficiency_ratio_10": 11,
        "tick_rate_z_20": 20,
      ])
  }

  @Test func `refuses a horizon of no bars`() async {
    await #expect(processExitsWith: .failure) { _ = LogReturn(horizon: 0) }
  }

  @Test func `refuses a window of no bars`() async {
    await #expect(processExitsWith: .failure) { _ = Drawdown(window: 0) }
  }

  @Test func `refuses a deviation of one value`() async {
    await #expect(processExitsWith: .failure) { _ = Volatility(window: 1) }
  }

  @Test func `refuses a covariance of one pair`() async {
    await #expect(processExitsWith: .failure) { _ = RollSpread(window: 1) }
  }

  @Test func `refuses a kurtosis of three values`() async {
    await #expect(processExitsWith: .failure) { _ = ReturnShape(window: 3) }
  }

  @Test func `refuses an exponential average of one value`() async {
    await #expect(processExitsWith: .failure) { _ = ExponentialMovingAverage(window: 1) }
  }

  @Test func `refuses a true range of one value`() async {
    await #expect(processExitsWith: .failure) { _ = AverageTrueRange(window: 1) }
  }

  @Test func `refuses a fast average that is not faster`() async {
    await #expect(processExitsWith: .failure) { _ = MACD(fast: 26, slow: 26) }
  }

  @Test(arguments: [0.0, 1.0])
  func `refuses a decay that forgets all or nothing`(_ decay: Double) async {
    await #expect(processExitsWith: .failure) { [decay] in _ = EWMAVolatility(decay: decay) }
  }
}
