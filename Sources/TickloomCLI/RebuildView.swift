internal import Tickloom

/// What `tickloom verify --rebuild` has found, for a person.
struct RebuildView {
  let rebuild: StoreRebuild

  init(_ rebuild: StoreRebuild) { self.rebuild = rebuild }

  /// The rows that differ, what could not be compared, and what is equal.
  func lines() -> [String] {
    rebuild.tables.flatMap(findings) + rebuild.tables.compactMap(rest)
      + rebuild.tables.compactMap(uncompared) + cut() + start() + equal()
  }

  private func findings(_ table: RebuiltTable) -> [String] {
    let isRecovered = rebuild.state == "recovered"
    var lines = table.findings.map { finding in
      let inputs = finding.inputs.map { ", inputs \(Self.text($0))" } ?? ""
      return SummaryText.harmless("\(table.name), \(finding.row)\(inputs): \(finding.reason)")
    }
    if isRecovered { lines.removeAll { $0.hasSuffix(": it is missing") } }
    let more = table.differences - table.findings.count
    if more > 0 { lines.append("\(table.name): \(Self.count(more)) more rows differ") }
    if isRecovered, table.missing > 0 {
      lines.append("\(table.name): \(Self.count(table.missing)) rows were not recovered")
    }
    if let failure = table.failure {
      lines.append(SummaryText.harmless("\(table.name): the rest was not compared: \(failure)"))
    }
    return lines
  }

  private func rest(_ table: RebuiltTable) -> String? {
    guard let rest = table.unwritten else { return nil }
    let rows =
      rest.count == 1
      ? "1 row, \(rest.first)" : "\(Self.count(rest.count)) rows, from \(rest.first) on"
    let verdict =
      switch rebuild.state {
      case "finished": "missing at the end"
      case "running": "not written yet: the run is not finished"
      default: "not there"
      }
    return SummaryText.harmless(
      "\(table.name), \(rows), inputs \(Self.text(rest.inputs)): \(verdict)")
  }

  private func uncompared(_ table: RebuiltTable) -> String? {
    if table.uncompared == 0 { return nil }
    return "\(table.name): \(Self.count(table.uncompared)) rows could not be compared"
  }

  private func cut() -> [String] {
    guard let cut = rebuild.cut else { return [] }
    return [
      "from input \(Self.count(Int(clamping: cut.sequences.lowerBound))) on nothing could be "
        + "compared (inputs \(Self.text(cut.sequences)): \(cut.reason))"
    ]
  }

  private func start() -> [String] {
    if rebuild.start == 0 { return [] }
    return [
      "only what came of the inputs behind \(Self.count(Int(clamping: rebuild.start))) was compared: "
        + "--keep has deleted others, and the first snapshot stands there"
    ]
  }

  private func equal() -> [String] {
    if rebuild.holdsInputsAlone {
      return ["it holds inputs alone, so there is nothing to compare them with"]
    }
    let nouns = ["rejects", "bars", "feature rows", "versions", "matrices"]
    let parts = zip(nouns, rebuild.tables).map { "\(Self.count($1.equal)) \($0)" }
    let isAll = rebuild.isSound && rebuild.cut == nil && rebuild.start == 0
    let start = isAll ? "every stored row is" : "these are"
    return ["\(start) what the inputs give, bit for bit: \(parts.joined(separator: ", "))"]
  }

  private static func count(_ count: Int) -> String { SummaryNumber.grouped(count) }

  private static func text(_ inputs: ClosedRange<UInt64>) -> String {
    let (first, last) = (Int(clamping: inputs.lowerBound), Int(clamping: inputs.upperBound))
    return first == last ? count(first) : "\(count(first)) to \(count(last))"
  }
}
