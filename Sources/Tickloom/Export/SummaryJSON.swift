internal import LoomCore
internal import LoomNormalization
internal import LoomPublishing
public import LoomSystem

extension RunSummary {
  /// The summary as `summary.json` holds it: one JSON object, without a line feed at its end.
  public func json() -> TextBuffer {
    var json = JSONText()
    json.object { json in
      json.member("total") { write(total, to: &$0) }
      json.member("symbols") { json in
        for symbol in symbols { json.member(symbol.name) { write(symbol.counts, to: &$0) } }
      }
      json.member("timeframe", timeframe.description)
      json.member("estimator", estimator)
      json.member("versions", versions)
      json.member("last_version", Int(last?.number ?? 0))
      json.member("last_hash", last?.hash.description ?? "")
      json.member("smallest_eigenvalue", smallestEigenvalue)
      json.member("late_share", lateShare)
      json.member("lateness_for_99_percent", latenessForMost.description)
      json.member("ticks_per_second", ticksPerSecond)
      json.member("seconds", seconds)
      json.member("stage_seconds") { json in
        for stage in stages { json.member(stage.name, stage.seconds) }
      }
      json.member("skipped") { json in
        for file in skipped { json.member(file.name, file.reason) }
      }
    }
    return json.finish()
  }

  private func write(_ counts: Counts, to json: inout JSONText) {
    json.member("received", counts.ticks.received)
    json.member("accepted", counts.ticks.accepted)
    for reason in RejectReason.allCases { json.member(reason.name, counts.ticks[reason]) }
    json.member("bars", counts.bars)
    json.member("missing", counts.missing)
    json.member("outliers", counts.outliers)
    json.member("features", counts.features)
    json.member("corrections", counts.corrections)
  }
}
