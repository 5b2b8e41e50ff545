import LoomCore
import LoomPublishing

/// Rows of returns to versions: each row updates, writes the matrix, and is numbered and hashed.
///
/// One operation is one row, into a window of 256 that is full. The answer is the packed matrix
/// after 256 rows, after all, and in the middle between them.
func versionJob(_ folder: String) throws -> Job {
  let rows = try returnRows(folder)
  let checkpoints = [256, (256 + rows.count) / 2, rows.count]
  let warm = try Publisher()
  for row in rows { try warm.versions.publish(row) }
  return Job(
    time: {
      try Timing(operations: rows.count) { for row in rows { try warm.versions.publish(row) } }
    },
    answer: {
      let fresh = try Publisher()
      var answer: [Double] = []
      for (place, row) in rows.enumerated() {
        try fresh.versions.publish(row)
        guard checkpoints.contains(place + 1) else { continue }
        answer += fresh.versions.latest.snapshot().correlations
      }
      return answer
    })
}

/// Lets closures share a publisher.
private final class Publisher {
  var versions: VersionPublisher

  init() throws {
    versions = try VersionPublisher(
      configuration: CorrelationConfiguration(estimator: .rolling(window: 256)),
      configurationText: "peers")
  }
}

/// The rows of `returns.f64`; `symbols.i64` says how many returns stand in one.
private func returnRows(_ folder: String) throws -> [ReturnRow] {
  let values = try doubles(folder + "/returns.f64")
  let symbols = Int(try integers(folder + "/symbols.i64")[0])
  return (0..<values.count / symbols).map { row in
    ReturnRow(
      start: Timestamp(nanoseconds: Int64(row) * 1_000_000_000),
      returns: Array(values[row * symbols..<(row + 1) * symbols]))
  }
}
