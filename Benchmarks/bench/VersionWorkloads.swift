import LoomCore
import LoomPublishing

/// One row taken and its version published: update, packed matrix, counts, hash; window 256.
let versionWorkloads: [Workload] =
  [10, 100, 500, 1000].flatMap { symbols in
    [("", 0), ("-missing", 0.05)].map { name, missing in
      version("correlation.version\(name).\(symbols)", symbols, missing, .rolling(window: 256))
    }
  }
  + [10, 100, 500].map { symbols in
    version("correlation.version-ewma.\(symbols)", symbols, 0, .exponential(decay: 0.97))
  }

private func version(
  _ name: String, _ symbols: Int, _ missing: Double, _ estimator: CorrelationEstimator
) -> Workload {
  Workload(
    name, unit: "row", yardstick: "memory.copy.\(symbols)x\(symbols)",
    // Larger matrices take the same loops; under a counting emulator they take minutes.
    counted: symbols <= 100 ? 20_000 / symbols : nil
  ) { iterations, watch in
    var publisher = try VersionPublisher(
      configuration: try CorrelationConfiguration(estimator: estimator), configurationText: name)
    // Every row of a window is another, and they come round after two of them.
    let values = correlationRows(512, symbols: symbols, missing: missing)
    let rows = (0..<512).map { row in
      ReturnRow(
        start: Timestamp(nanoseconds: Int64(row) * 1_000_000_000),
        returns: Array(values[row * symbols..<(row + 1) * symbols]))
    }
    for row in rows { try publisher.publish(row) }
    try watch.time { for index in 0..<iterations { try publisher.publish(rows[index & 511]) } }
    precondition(publisher.latest.correlations.allSatisfy(\.isFinite), "a correlation is missing")
    precondition(publisher.latest.number == UInt64(512 + iterations), "a version is missing")
  }
}
