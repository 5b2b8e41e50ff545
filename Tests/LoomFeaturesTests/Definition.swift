import Foundation
import LoomCore

/// The default features by definition: each window afresh, in two passes, from all bars so far.
///
/// Written from the table of definitions alone, over arrays, with no state but the bars. TA-Lib's
/// recursive values are left to the golden files.
struct Definition {
  var bars: [CleanBar]

  /// The values at bar `last`, by name.
  func values(at last: Int) -> [String: Double] {
    let seen = bars[...last].map(\.bar)
    let closes = seen.map(\.close)
    let close = closes[last]
    let changes = zip(closes.dropFirst(), closes).map { $0 - $1 }
    var result = ofReturns(bars[...last].map(\.logReturn).filter(\.isFinite))
    for n in [1, 5, 20] {
      result["log_return_\(n)"] = closes.last(n + 1) { log($0[n] / $0[0]) }
    }
    result["parkinson_20"] = seen.last(20) {
      ($0.mean { $0.range * $0.range } / log(16)).squareRoot()
    }
    result["garman_klass_20"] = seen.last(20) { max(0, $0.mean(garmanKlass)).squareRoot() }
    result["sma_ratio_20"] = closes.last(20) { close / $0.mean { $0 } - 1 }
    result["bollinger_z_20"] = closes.last(20) { window in
      let deviation = (window.squares / 20).squareRoot()
      let mean = window.mean { $0 }
      return deviation > 1e-8 * mean ? (close - mean) / deviation : .nan
    }
    result["volume_z_20"] = seen.map(\.volume).last(20, score)
    result["tick_rate_z_20"] = seen.map { Double($0.tickCount) }.last(20, score)
    result["vwap_deviation_20"] = seen.last(20) {
      close / ($0.mean { $0.vwap * $0.volume } / $0.mean { $0.volume }) - 1
    }
    result["amihud_20"] = bars[...last].last(20) { window in
      let traded = window.filter { $0.logReturn.isFinite && $0.bar.volume > 0 }
      return traded.mean { $0.logReturn.magnitude / ($0.bar.close * $0.bar.volume) }
    }
    result["roll_spread_20"] = changes.last(21) { 2 * max(0, -covariance($0) / 19).squareRoot() }
    result["relative_spread"] = seen[last].spreadEstimate / close
    result["drawdown_60"] = closes.last(60) { close / ($0.max() ?? .nan) - 1 }
    result["efficiency_ratio_10"] = closes.last(11) { window in
      (close - window[0]).magnitude / changes.last(10) { $0.mean(\.magnitude) * 10 }
    }
    return result.mapValues { $0.isFinite ? $0 : .nan }
  }

  private func ofReturns(_ returns: [Double]) -> [String: Double] {
    [
      "volatility_20": returns.last(20) { ($0.squares / 19).squareRoot() },
      "ewma_volatility_94": returns.last(1) { _ in ewma(returns).squareRoot() },
      "skew_60": returns.last(60) { window in
        window.isFlat
          ? .nan : window.moment(3) / pow(window.moment(2), 1.5) * (60.0 * 59).squareRoot() / 58
      },
      "kurtosis_60": returns.last(60) { window in
        let excess = window.moment(4) / pow(window.moment(2), 2) - 3
        return window.isFlat ? .nan : 59.0 / (58 * 57) * (61 * excess + 6)
      },
      "autocorrelation_60": returns.last(61) { window in
        let scale = window.dropFirst().array.squares * window.dropLast().array.squares
        return covariance(window) / scale.squareRoot()
      },
    ]
  }

  private func ewma(_ returns: [Double]) -> Double {
    returns.dropFirst().reduce(returns[0] * returns[0]) { 0.94 * $0 + 0.06 * $1 * $1 }
  }

  private func garmanKlass(_ bar: Bar) -> Double {
    let body = log(bar.close / bar.open)
    return 0.5 * bar.range * bar.range - (2 * log(2) - 1) * body * body
  }

  /// Σ(x_t − mean)(x_{t−1} − mean) over the pairs of neighbours.
  private func covariance(_ window: [Double]) -> Double {
    let now = window.dropFirst().array.deviations
    let before = window.dropLast().array.deviations
    return zip(now, before).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// The z-score of the last value of a window; not finite where all are equal.
func score(_ window: [Double]) -> Double {
  (window.deviations.last ?? .nan) / (window.squares / Double(window.count - 1)).squareRoot()
}

/// The spread of a window as a part of its largest magnitude.
func variation(_ window: [Double]) -> Double {
  let most = window.max() ?? .nan
  let least = window.min() ?? .nan
  return (most - least) / max(most.magnitude, least.magnitude)
}

extension Bar {
  fileprivate var range: Double { log(high / low) }
}

extension Collection {
  fileprivate var array: [Element] { Array(self) }

  /// `body` of the last `count` elements; NaN where there are fewer.
  func last(_ count: Int, _ body: ([Element]) -> Double) -> Double {
    self.count < count ? .nan : body(Array(self.dropFirst(self.count - count)))
  }

  fileprivate func mean(_ quantity: (Element) -> Double) -> Double {
    reduce(0) { $0 + quantity($1) } / Double(count)
  }
}

extension [Double] {
  fileprivate var isFlat: Bool { allSatisfy { $0 == self[0] } }

  /// Distances from the mean; exactly 0 where all are equal.
  fileprivate var deviations: [Double] {
    let mean = isFlat ? self[0] : self.mean { $0 }
    return map { $0 - mean }
  }

  fileprivate var squares: Double { deviations.reduce(0) { $0 + $1 * $1 } }

  fileprivate func moment(_ power: Int) -> Double { deviations.mean { pow($0, Double(power)) } }
}
