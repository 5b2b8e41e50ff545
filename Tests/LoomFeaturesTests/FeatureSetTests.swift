import LoomCore
import LoomFeatures
import Testing

struct FeatureSetTests {
  static let names = """
    log_return_1 log_return_5 log_return_20 volatility_20 ewma_volatility_94 parkinson_20 \
    garman_klass_20 atr_14 rsi_14 ema_20 macd_12_26_9 macd_signal_12_26_9 macd_histogram_12_26_9 \
    sma_ratio_20 ema_ratio_20 bollinger_z_20 volume_z_20 vwap_deviation_20 amihud_20 \
    roll_spread_20 relative_spread skew_60 kurtosis_60 autocorrelation_60 drawdown_60 \
    efficiency_ratio_10 tick_rate_z_20
    """.split(separator: " ").map(String.init)

  @Test func `names the default features in the order of their columns`() {
    #expect(FeatureSet.standard().names == Self.names)
  }

  @Test func `puts the scored columns after all plain ones`() {
    #expect(
      FeatureSet.standard().normalized().names == Self.names + Self.names.map { $0 + "_z" })
  }
}
