import LoomCore

/// Rows taken without a matrix for each, 1,024 at once, beside dsyrk of 64 rows.
let backfillWorkloads: [Workload] = [100, 500, 1000].flatMap { symbols in
  [
    Workload(
      "blas.dsyrk.\(symbols)", unit: "row", operations: 64, counted: nil
    ) { iterations, watch in
      let rows = correlationRows(64, symbols: symbols, missing: 0)
      var products = [Double](repeating: 0, count: symbols * symbols)
      watch.time {
        for _ in 0..<iterations {
          var matrix = products.mutableSpan
          BLAS.crossProducts(of: rows.span, symbols: symbols, into: &matrix)
        }
      }
      precondition(products[0] > 0, "nothing was computed")
    },
    Workload(
      "correlation.backfill.\(symbols)", unit: "row", operations: 1024,
      yardstick: "blas.dsyrk.\(symbols)", counted: nil
    ) { iterations, watch in
      let rows = correlationRows(1024, symbols: symbols, missing: 0)
      var correlation = try Correlation(CorrelationConfiguration(), capacity: symbols)
      watch.time { for _ in 0..<iterations { correlation.backfill(rows.span, count: 1024) } }
      precondition(correlation[0, 0].correlation == 1, "nothing was computed")
    },
  ]
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
