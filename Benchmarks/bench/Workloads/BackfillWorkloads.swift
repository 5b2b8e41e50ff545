import LoomCore

/// Rows taken 64 at once without a matrix for each, beside dsyrk of 64 rows.
let backfillWorkloads: [Workload] = [100, 500, 1000].flatMap { symbols in
  [
    Workload("blas.dsyrk.\(symbols)", unit: "row", operations: 64) { iterations, watch in
      let rows = correlationRows(64, symbols: symbols, missing: 0)
      var products = [Double](repeating: 0, count: symbols * symbols)
      watch.time {
        for _ in 0..<iterations {
          var matrix = products.mutableSpan
          BLAS.crossProducts(of: rows.span, symbols: symbols, into: &matrix)
        }
      }
      if !(products[0] > 0) { throw WorkloadError("nothing was computed") }
    },
    Workload(
      "correlation.backfill.\(symbols)", unit: "row", operations: 64,
      yardstick: "blas.dsyrk.\(symbols)"
    ) { iterations, watch in
      let rows = correlationRows(64, symbols: symbols, missing: 0)
      var correlation = try Correlation(
        CorrelationConfiguration(minimumPeriods: 2), capacity: symbols)
      // The first rows bring the symbols in, which touches every matrix once.
      correlation.backfill(rows.span, count: 64)
      watch.time { for _ in 0..<iterations { correlation.backfill(rows.span, count: 64) } }
      let diagonal = correlation[0, 0].correlation
      if diagonal != 1 { throw WorkloadError("nothing was computed") }
    },
  ]
}

/// Seeded rows of returns around 1e-4, each absent with probability `missing`.
func correlationRows(_ count: Int, symbols: Int, missing: Double) -> [Double] {
  var numbers = UniformNumbers(state: 1)
  return (0..<count * symbols).map { _ in
    let value = 1e-4 * (numbers.next() + numbers.next() + numbers.next() - 1.5)
    return numbers.next() < missing ? .nan : value
  }
}
