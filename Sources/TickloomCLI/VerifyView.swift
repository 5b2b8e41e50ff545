internal import Tickloom

/// What `tickloom verify` shows a person; names of the store are made harmless first.
struct VerifyView {
  let report: StoreVerification
  let rebuild: StoreRebuild?
  let path: String
  let style: SummaryStyle

  init(
    _ report: StoreVerification, _ rebuild: StoreRebuild? = nil, path: String,
    _ style: SummaryStyle
  ) {
    self.report = report
    self.rebuild = rebuild
    self.path = path
    self.style = style
  }

  /// The verdict, the findings, and what was looked at.
  func lines(_ seconds: Double) -> [String] {
    let verdict = "\(SummaryText.harmless(path)) is \(self.verdict)"
    return [style.emphasized(verdict, .strong)]
      + report.findings.map { SummaryText.harmless($0.description) }
      + report.gaps.map { "known to be lost: \($0)" } + deleted()
      + (rebuild.map { RebuildView($0).lines() } ?? []) + scope(seconds)
  }

  /// What is not kept any more is no damage.
  private func deleted() -> [String] {
    let retained = report.retained
    let rows = [
      ("inputs", Int(clamping: retained.inputs)), ("bars", retained.bars),
      ("rows of features", retained.features), ("versions", Int(clamping: retained.versions)),
    ]
    let parts = rows.filter { $0.1 > 0 }.map { "\($0.0) 1 to \(SummaryNumber.grouped($0.1))" }
    return parts.isEmpty ? [] : ["deleted by --keep: \(parts.joined(separator: ", "))"]
  }

  private var verdict: String {
    if !report.isSound || rebuild?.isSound == false { return "damaged" }
    return report.gaps.isEmpty ? "sound" : "sound, with gaps"
  }

  private func scope(_ seconds: Double) -> [String] {
    var parts = [
      "\(SummaryNumber.grouped(report.inputs)) inputs in \(SummaryNumber.grouped(report.blocks)) blocks"
    ]
    if let sequences = report.sequences {
      let (first, last) = (sequences.lowerBound, sequences.upperBound)
      parts.append(
        "sequences \(SummaryNumber.grouped(Int(clamping: first))) to "
          + SummaryNumber.grouped(Int(clamping: last)))
    }
    parts.append(
      report.hasDigests
        ? "\(SummaryNumber.grouped(report.rows)) rows"
        : "other rows have no digests in this older format")
    parts.append("took \(SummaryNumber.seconds(seconds))")
    return SummaryText.wrapped(parts, width: style.width, separator: style.separator, indent: 0)
      .map { style.emphasized($0, .faint) }
  }
}
