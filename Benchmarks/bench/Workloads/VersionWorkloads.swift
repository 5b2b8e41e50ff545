import LoomCore
import LoomPublishing

/// One row taken and its version published: update, packed matrix, counts, hash.
///
/// By symbols, complete, with five returns in a hundred absent, and weighted exponentially; then by
/// window and by the share of absent returns, for 100 symbols.
let versionWorkloads: [Workload] =
  matrixSizes.flatMap { symbols in
    [
      version("version", symbols), version("version-missing", symbols, missing: 0.05),
      version("version-ewma", symbols, .exponential(decay: 0.97)),
      version("version-ewma-missing", symbols, missing: 0.05, .exponential(decay: 0.97)),
    ]
  }
  + [64, 1024, 4096].map { window in
    version("window-\(window)", 100, .rolling(window: window), gate: Workload.Gate.none)
  }
  + [1, 10, 20, 50].map { percent in
    version("missing-\(percent)", 100, missing: Double(percent) / 100, gate: Workload.Gate.none)
  }

private func version(
  _ name: String, _ symbols: Int, missing: Double = 0,
  _ estimator: CorrelationEstimator = .rolling(window: 256), gate: Workload.Gate? = nil
) -> Workload {
  // Larger matrices take the same loops; under a counting emulator they take minutes.
  let counted = symbols <= 100 ? Workload.Gate.hot(20_000 / symbols) : .none
  return Workload(
    "correlation.\(name).\(symbols)", unit: "row", yardstick: "memory.copy.\(symbols)x\(symbols)",
    hasLatencies: true, gate: gate ?? counted
  ) { iterations, watch in
    var publisher = try VersionPublisher(
      // Few enough that half of the returns may be absent.
      configuration: try CorrelationConfiguration(estimator: estimator, minimumPeriods: 16),
      configurationText: name)
    // The window is full, and rows differ from those they replace.
    let count = max(512, publisher.rows(of: estimator))
    let values = correlationRows(count, symbols: symbols, missing: missing)
    var rows = (0..<count).map { row in
      ReturnRow(
        start: Timestamp(nanoseconds: Int64(row) * 1_000_000_000),
        returns: Array(values[row * symbols..<(row + 1) * symbols]))
    }
    for row in rows { try publisher.publish(row) }
    // A row taken out of the array would be retained; one that changes places with another is not.
    var row = rows.removeLast()
    try watch.time(each: iterations) { index in
      swap(&row, &rows[index % rows.count])
      try publisher.publish(row)
    }
    if !publisher.latest.snapshot().correlations.allSatisfy(\.isFinite) {
      throw WorkloadError("a correlation is missing")
    }
    if publisher.latest.number != UInt64(count + iterations) {
      throw WorkloadError("a version is missing")
    }
  }
}

extension VersionPublisher {
  /// Rows until the window of `estimator` has been filled twice.
  fileprivate borrowing func rows(of estimator: CorrelationEstimator) -> Int {
    if case .rolling(let window) = estimator { 2 * window } else { 512 }
  }
}
