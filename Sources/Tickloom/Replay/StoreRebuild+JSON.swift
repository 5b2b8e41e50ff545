extension StoreRebuild {
  /// Writes the members of the object `rebuild`.
  func write(to json: inout JSONText) {
    json.member("verdict", isSound ? "equal" : "different")
    json.member("state", state)
    json.member("inputs", inputs)
    json.member("differences", differences)
    json.member("behind_seq", Int(clamping: start))
    if let cut {
      json.member("cut") { json in
        json.member("first_seq", Int(clamping: cut.sequences.lowerBound))
        json.member("last_seq", Int(clamping: cut.sequences.upperBound))
        json.member("reason", cut.reason)
      }
    }
    json.array("tables", tables) { table, json in
      json.member("name", table.name)
      json.member("equal", table.equal)
      json.member("changed", table.changed)
      json.member("missing", table.missing)
      json.member("superfluous", table.superfluous)
      json.member("unwritten", table.unwritten?.count ?? 0)
      json.member("uncompared", table.uncompared)
      if let failure = table.failure { json.member("failure", failure) }
      json.array("findings", table.findings) { finding, json in
        json.member("row", finding.row)
        if let inputs = finding.inputs {
          json.member("first_seq", Int(clamping: inputs.lowerBound))
          json.member("last_seq", Int(clamping: inputs.upperBound))
        }
        json.member("reason", finding.reason)
      }
    }
  }
}
