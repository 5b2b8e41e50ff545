import LoomCore
import Testing

/// SplitMix64: the same numbers for a seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Near enough a standard normal: the sum of twelve uniforms, less 6.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }
}

/// Rows of returns of 1e-4 with a common factor, each absent with probability `missing`.
func returnRows(_ count: Int, symbols: Int, missing: Double = 0, seed: UInt64) -> [[Double]] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    let market = random.normal()
    return (0..<symbols).map { symbol in
      let own = random.normal()
      let value = 1e-4 * (own + (symbol.isMultiple(of: 2) ? market : -0.5 * market))
      return random.unit() < missing ? .nan : value
    }
  }
}

func makeCorrelation(
  _ estimator: CorrelationEstimator, minimum: Int? = nil, capacity: Int, firstRow: Int = 0
) throws -> Correlation {
  BLAS.useOneThread()
  return try Correlation(
    CorrelationConfiguration(estimator: estimator, minimumPeriods: minimum), capacity: capacity,
    firstRow: firstRow)
}

func correlations(_ correlation: borrowing Correlation) -> [Double] {
  var packed = [Double](repeating: 0, count: Correlation.packedCount(correlation.symbolCount))
  var span = packed.mutableSpan
  correlation.copyCorrelations(into: &span)
  return packed
}

func bits(_ correlation: borrowing Correlation) -> [UInt64] {
  correlations(correlation).map(\.bitPattern)
}

/// The largest difference from the oracle over all entries; infinite where one of the two is NaN.
func deviation(_ correlation: borrowing Correlation, _ rows: [[Double]]) -> Double {
  let window = CorrelationOracle.window(rows, correlation.configuration)
  var decay = 1.0
  if case .exponential(let value) = correlation.configuration.estimator { decay = value }
  let packed = correlations(correlation)
  let n = correlation.symbolCount
  var worst = 0.0
  var at = 0
  for i in 0..<n {
    for j in i..<n {
      let expected = CorrelationOracle.entry(
        window, i, j, decay: decay, minimum: correlation.configuration.minimumPeriods)
      let pair = correlation[i, j]
      let rho = packed[at]
      at += 1
      guard pair.jointRows == expected.jointRows, rho.isNaN == expected.correlation.isNaN,
        rho.bitPattern == pair.correlation.bitPattern,
        pair.covariance.isNaN == expected.covariance.isNaN,
        (pair.reason == .defined) == !rho.isNaN
      else { return .infinity }
      if !rho.isNaN { worst = max(worst, abs(rho - expected.correlation)) }
    }
  }
  return worst
}

extension Correlation {
  mutating func take(_ row: [Double]) { update(row.span) }

  mutating func fill(_ rows: [[Double]]) {
    let flat = rows.flatMap { $0 }
    backfill(flat.span, count: rows.count)
  }
}
