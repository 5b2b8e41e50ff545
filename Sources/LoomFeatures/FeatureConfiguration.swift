/// The windows of the standard features, in bars; a name ends in its window.
public struct FeatureConfiguration: Sendable {
  /// The three horizons of `log_return`, each at least 1; 1, 5 and 20.
  public let logReturnHorizons: (Int, Int, Int)
  /// Of `volatility`, at least 2; 20.
  public let volatilityWindow: Int
  /// λ of `ewma_volatility`, between 0 and 1; 0.94.
  public let ewmaDecay: Double
  /// Of `parkinson` and `garman_klass`, at least 1; 20.
  public let rangeWindow: Int
  /// Of `atr` and `rsi`, at least 2; 14.
  public let wilderWindow: Int
  /// Of `ema`, `sma_ratio`, `ema_ratio` and `bollinger_z`, at least 2; 20.
  public let averageWindow: Int
  /// Of `macd`: fast < slow, and signal, each at least 2; 12, 26 and 9.
  public let macdWindows: (fast: Int, slow: Int, signal: Int)
  /// Of `volume_z`, `vwap_deviation`, `amihud` and `tick_rate_z`, at least 2; 20.
  public let activityWindow: Int
  /// Of `roll_spread`, in pairs, at least 2; 20.
  public let rollWindow: Int
  /// Of `skew`, `kurtosis` and `autocorrelation`, at least 4; 60.
  public let shapeWindow: Int
  /// Of `drawdown`, at least 1; 60.
  public let drawdownWindow: Int
  /// Of `efficiency_ratio`, at least 1; 10.
  public let efficiencyWindow: Int

  /// Creates a configuration; what is left out has its default.
  ///
  /// A window outside its range is refused where the feature is created.
  public init(
    logReturnHorizons: (Int, Int, Int) = (1, 5, 20), volatilityWindow: Int = 20,
    ewmaDecay: Double = 0.94, rangeWindow: Int = 20, wilderWindow: Int = 14,
    averageWindow: Int = 20, macdWindows: (fast: Int, slow: Int, signal: Int) = (12, 26, 9),
    activityWindow: Int = 20, rollWindow: Int = 20, shapeWindow: Int = 60,
    drawdownWindow: Int = 60, efficiencyWindow: Int = 10
  ) {
    self.logReturnHorizons = logReturnHorizons
    self.volatilityWindow = volatilityWindow
    self.ewmaDecay = ewmaDecay
    self.rangeWindow = rangeWindow
    self.wilderWindow = wilderWindow
    self.averageWindow = averageWindow
    self.macdWindows = macdWindows
    self.activityWindow = activityWindow
    self.rollWindow = rollWindow
    self.shapeWindow = shapeWindow
    self.drawdownWindow = drawdownWindow
    self.efficiencyWindow = efficiencyWindow
  }
}
