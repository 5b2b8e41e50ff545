public import LoomJournal
public import LoomSystem
internal import LoomCore

extension StoreDescription {
  /// The description as one JSON object, without a line feed at its end.
  public func json() -> TextBuffer {
    var json = JSONText()
    json.object { json in
      json.member("format", format)
      json.member("state", state)
      json.member("timeframe", timeframe)
      json.member("configuration", configuration)
      json.member("inputs", inputs)
      json.member("blocks", blocks)
      if let sequences {
        json.member("first_seq", Int(clamping: sequences.lowerBound))
        json.member("last_seq", Int(clamping: sequences.upperBound))
      }
      write(times, "time", to: &json)
      json.member("rejects") { json in
        for reject in rejects { json.member(reject.reason, reject.count) }
      }
      json.member("bars", bars)
      json.member("feature_rows", featureRows)
      json.member("features", features)
      json.member("versions", versions.count)
      json.member("matrices", versions.matrices)
      if let lastVersion {
        json.member("last_version", Int(clamping: lastVersion.number))
        json.member("last_version_time", lastVersion.time.description)
      }
      json.member("file_bytes", fileBytes)
      json.member("log_bytes", logBytes)
      json.member("block_bytes", blockBytes)
      json.member("bytes_per_input", inputs > 0 ? Double(blockBytes) / Double(inputs) : nil)
      json.array("symbols", symbols) { symbol, json in
        json.member("name", symbol.name)
        json.member("bars", symbol.bars)
        write(symbol.times, "bar", to: &json)
      }
      json.array("sources", sources) { $1.member("name", $0) }
      json.array("parts", parts) { part, json in
        json.member("started", part.manifest.started.description)
        json.member("program", part.manifest.program)
        json.member("processor", part.manifest.processor)
        json.member("blas", part.manifest.linearAlgebra)
        json.member("configuration_hash", part.configurationHash)
        json.member("first_seq", Int(clamping: part.firstSequence))
        json.array("inputs", part.manifest.inputs.split(separator: "\n").map(String.init)) {
          $1.member("path", $0)
        }
      }
    }
    return json.finish()
  }

  private func write(_ times: ClosedRange<Timestamp>?, _ name: String, to json: inout JSONText) {
    guard let times else { return }
    json.member("first_\(name)", times.lowerBound.description)
    json.member("last_\(name)", times.upperBound.description)
  }
}

extension StoreVerification {
  /// The findings as one JSON object, without a line feed at its end; with those of `rebuild`.
  public func json(_ rebuild: StoreRebuild? = nil) -> TextBuffer {
    var json = JSONText()
    json.object { json in
      json.member("verdict", isSound && rebuild?.isSound != false ? "sound" : "damaged")
      json.array("findings", findings) { finding, json in
        switch finding.place {
        case .file: json.member("place", "file")
        case .table(let name): json.member("place", name)
        case .rows(let table, let rows):
          json.member("place", table)
          json.member("first", Int(rows.lowerBound))
          json.member("last", Int(rows.upperBound))
        case .log(let frames):
          json.member("place", "log")
          json.member("first", frames.lowerBound)
          json.member("last", frames.upperBound)
        case .inputs(let sequences):
          json.member("place", "inputs")
          json.member("first", Int(clamping: sequences.lowerBound))
          json.member("last", Int(clamping: sequences.upperBound))
        }
        json.member("reason", finding.reason)
      }
      json.array("gaps", gaps) { gap, json in
        json.member("first_seq", Int(clamping: gap.sequences.lowerBound))
        json.member("last_seq", Int(clamping: gap.sequences.upperBound))
        json.member("missing", gap.missing)
      }
      json.member("deleted") { json in
        json.member("inputs", Int(clamping: retained.inputs))
        json.member("bars", retained.bars)
        json.member("features", retained.features)
        json.member("versions", Int(clamping: retained.versions))
      }
      json.member("inputs", inputs)
      json.member("blocks", blocks)
      json.member("rows", rows)
      if let rebuild { json.member("rebuild") { rebuild.write(to: &$0) } }
    }
    return json.finish()
  }
}

extension StoreCompaction.Report {
  /// The report as one JSON object, without a line feed at its end.
  public func json() -> TextBuffer {
    var json = JSONText()
    json.object { json in
      json.member("bytes_before", bytes.before)
      json.member("bytes_after", bytes.after)
      json.member("free_bytes", freeBytes)
      json.member("state", isBeingWritten ? "being written" : "compacted")
    }
    return json.finish()
  }
}
