import LoomCore

/// One row's update and matrix, or one row of a backfill, beside what it is judged against.
struct CorrelationMeasurement {
  /// Best time per row.
  let nanosecondsPerRow: Double
  /// Best time of the yardstick, measured in turns with it: memcpy of n² doubles, or dsyrk per row.
  let yardstickNanoseconds: Double

  /// How many yardsticks one row costs.
  var ratio: Double { nanosecondsPerRow / yardstickNanoseconds }
}

/// Seeded rows of returns around 1e-4, each absent with probability `missing`.
func correlationRows(_ count: Int, symbols: Int, missing: Double) -> [Double] {
  var state: UInt64 = 1
  func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
  return (0..<count * symbols).map { _ in
    let value = 1e-4 * (unit() + unit() + unit() - 1.5)
    return unit() < missing ? .nan : value
  }
}

/// Best nanoseconds per call of `calls` calls, over `turns` turns with another function.
func bestInTurns(
  _ turns: Int, calls: Int, _ first: (Int) -> Void, _ second: (Int) -> Void
) -> CorrelationMeasurement {
  func time(_ body: (Int) -> Void) -> Double {
    let duration = ContinuousClock().measure { for call in 0..<calls { body(call) } }
    let (seconds, attoseconds) = duration.components
    return (Double(seconds) * 1e9 + Double(attoseconds) * 1e-9) / Double(calls)
  }
  var best = (Double.infinity, Double.infinity)
  for _ in 0..<turns { best = (min(best.0, time(first)), min(best.1, time(second))) }
  return CorrelationMeasurement(nanosecondsPerRow: best.0, yardstickNanoseconds: best.1)
}

/// "correlation.version.N": one row taken and its packed matrix written, window 256, beside memcpy
/// of n² doubles.
///
/// - Parameters:
///   - symbols: n.
///   - missing: Probability that a return is absent; 0 for complete rows.
///   - iterations: Rows in each of 20 turns.
/// - Returns: Nanoseconds per row and per memcpy.
/// - Throws: ``CoreError``, where OpenBLAS runs several threads.
func correlationVersion(
  symbols: Int, missing: Double, iterations: Int
) throws(CoreError) -> CorrelationMeasurement {
  let held = 512
  let rows = correlationRows(held, symbols: symbols, missing: missing)
  var correlation = try Correlation(CorrelationConfiguration(), capacity: symbols)
  var packed = [Double](repeating: 0, count: Correlation.packedCount(symbols))
  let from = [Double](repeating: 1, count: symbols * symbols)
  var to = [Double](repeating: 0, count: symbols * symbols)
  correlation.backfill(rows.span, count: held)
  var row = 0
  let result = bestInTurns(
    20, calls: iterations,
    { _ in
      let values = rows.span.extracting(row * symbols..<(row + 1) * symbols)
      var matrix = packed.mutableSpan
      correlation.update(values, writing: &matrix)
      row = (row + 1) % held
    },
    { _ in
      var copy = to.mutableSpan
      BLAS.copy(from.span, into: &copy)
    })
  precondition(packed[0] == 1 && to[0] == 1, "nothing was computed")
  return result
}

/// "correlation.backfill.N": 1,024 complete rows at once, window 256, per row, beside dsyrk of 64
/// rows, per row.
///
/// - Parameters:
///   - symbols: N.
///   - iterations: Calls in each of 10 turns.
/// - Returns: Nanoseconds per row of a backfill and of dsyrk.
/// - Throws: ``CoreError``, where OpenBLAS runs several threads.
func correlationBackfill(
  symbols: Int, iterations: Int
) throws(CoreError) -> CorrelationMeasurement {
  let (count, block) = (1024, 64)
  let rows = correlationRows(count, symbols: symbols, missing: 0)
  let blockRows = Array(rows.prefix(block * symbols))
  var correlation = try Correlation(CorrelationConfiguration(), capacity: symbols)
  var products = [Double](repeating: 0, count: symbols * symbols)
  let result = bestInTurns(
    10, calls: iterations,
    { _ in correlation.backfill(rows.span, count: count) },
    { _ in
      var matrix = products.mutableSpan
      BLAS.crossProducts(of: blockRows.span, symbols: symbols, into: &matrix)
    })
  precondition(products[0] > 0 && correlation[0, 0].correlation == 1, "nothing was computed")
  return CorrelationMeasurement(
    nanosecondsPerRow: result.nanosecondsPerRow / Double(count),
    yardstickNanoseconds: result.yardstickNanoseconds / Double(block))
}
