/// The chain of the default features, in the order of their columns.
public typealias StandardFeatures =
  Chain<PriceVolatility, Chain<PriceAverages, Chain<Activity, ReturnBehaviour>>>

/// Log returns over three horizons, and five measures of volatility.
public typealias PriceVolatility = Chain<
  Chain<LogReturn, Chain<LogReturn, LogReturn>>,
  Chain<Volatility, Chain<EWMAVolatility, Chain<ParkinsonVolatility, GarmanKlassVolatility>>>
>

/// True range, relative strength, and the averages of the close with what is measured from them.
public typealias PriceAverages = Chain<
  Chain<AverageTrueRange, Chain<RelativeStrength, Chain<ExponentialMovingAverage, MACD>>>,
  Chain<SimpleAverageRatio, Chain<ExponentialAverageRatio, BollingerScore>>
>

/// Volume, liquidity and spread.
public typealias Activity = Chain<
  Chain<VolumeScore, Chain<VWAPDeviation, AmihudIlliquidity>>, Chain<RollSpread, RelativeSpread>
>

/// The shape and memory of returns, the path of the close, and the rate of ticks.
public typealias ReturnBehaviour = Chain<
  Chain<ReturnShape, Autocorrelation>, Chain<Drawdown, Chain<EfficiencyRatio, TickRateScore>>
>

extension FeatureSet where Members == StandardFeatures {
  /// The default features of one symbol, each with its own empty windows.
  public static func standard(_ configuration: FeatureConfiguration = FeatureConfiguration())
    -> FeatureSet
  {
    FeatureSet(
      Chain(
        configuration.priceVolatility,
        Chain(
          configuration.priceAverages,
          Chain(configuration.activity, configuration.returnBehaviour))))
  }
}

extension FeatureConfiguration {
  fileprivate var priceVolatility: PriceVolatility {
    let (short, middle, long) = logReturnHorizons
    return Chain(
      Chain(
        LogReturn(horizon: short),
        Chain(LogReturn(horizon: middle), LogReturn(horizon: long))),
      Chain(
        Volatility(window: volatilityWindow),
        Chain(
          EWMAVolatility(decay: ewmaDecay),
          Chain(
            ParkinsonVolatility(window: rangeWindow),
            GarmanKlassVolatility(window: rangeWindow)))))
  }

  fileprivate var priceAverages: PriceAverages {
    let (fast, slow, signal) = macdWindows
    return Chain(
      Chain(
        AverageTrueRange(window: wilderWindow),
        Chain(
          RelativeStrength(window: wilderWindow),
          Chain(
            ExponentialMovingAverage(window: averageWindow),
            MACD(fast: fast, slow: slow, signal: signal)))),
      Chain(
        SimpleAverageRatio(window: averageWindow),
        Chain(
          ExponentialAverageRatio(window: averageWindow), BollingerScore(window: averageWindow))))
  }

  fileprivate var activity: Activity {
    Chain(
      Chain(
        VolumeScore(window: activityWindow),
        Chain(
          VWAPDeviation(window: activityWindow), AmihudIlliquidity(window: activityWindow))),
      Chain(RollSpread(window: rollWindow), RelativeSpread()))
  }

  fileprivate var returnBehaviour: ReturnBehaviour {
    Chain(
      Chain(ReturnShape(window: shapeWindow), Autocorrelation(window: shapeWindow)),
      Chain(
        Drawdown(window: drawdownWindow),
        Chain(
          EfficiencyRatio(window: efficiencyWindow), TickRateScore(window: activityWindow))))
  }
}
