internal import LoomSystem
internal import Tickloom

/// The closing summary of a run, as a person reads it on a terminal or in a file.
///
/// A pure function of its two inputs; names of the input are made harmless before they are shown.
struct SummaryView {
  let summary: RunSummary
  let style: SummaryStyle
  /// Names of the symbols, harmless, in order of registration.
  let names: [String]

  /// Prepares the view of `summary`.
  init(_ summary: RunSummary, _ style: SummaryStyle) {
    self.summary = summary
    self.style = style
    names = summary.symbols.map { SummaryText.harmless($0.name) }
  }

  /// All of it, each line ended by a line feed.
  var text: TextBuffer {
    var text = TextBuffer(capacity: 8192)
    var isFirst = true
    for section in sections() where !section.isEmpty {
      if !isFirst { text.append("\n") }
      isFirst = false
      for line in section {
        text.append(line)
        text.append("\n")
      }
    }
    return text
  }

  private func sections() -> [[String]] {
    [header(), counters(), lateness(), pairs(), matrix(), times(), skipped()]
  }

  private func header() -> [String] {
    let count = summary.symbols.count
    let facts = [
      count == 1 ? "1 symbol" : "\(SummaryNumber.grouped(count)) symbols",
      "bars of \(summary.timeframe)", summary.estimator,
    ]
    let title = style.emphasized("tickloom", .strong)
    let lines = [title + "  " + facts.joined(separator: style.separator)]
    guard let last = summary.last else {
      return lines + ["no version: no return could be joined into a row"]
    }
    let number = SummaryNumber.grouped(Int(last.number))
    let time = SummaryTime.instant(last.start, of: summary.timeframe)
    let hash = style.emphasized("hash \(last.hash)", .faint)
    // 32 digits more than a narrow line has room for beside the time.
    return lines + ["version \(number) at \(time)", hash]
  }

  private func lateness() -> [String] {
    let ticks = summary.total.ticks
    if ticks.received == 0 { return [] }
    if ticks[.late] == 0 { return ["no input was late"] }
    let late = SummaryNumber.grouped(ticks[.late])
    let share = SummaryNumber.percent(summary.lateShare)
    var parts = ["\(late) late, \(share) of the inputs"]
    if summary.total.corrections > 0 {
      parts.append("\(SummaryNumber.grouped(summary.total.corrections)) corrected their bars")
    }
    if summary.lateShare > 0.01 {
      let needed = SummaryTime.roundedUp(summary.latenessForMost)
      parts.append("to keep 99 % takes --lateness \(needed)")
    }
    return SummaryText.wrapped(parts, width: style.width, separator: "; ", indent: 2)
  }

  private func matrix() -> [String] {
    guard let last = summary.last, last.symbolCount > 1 else { return [] }
    let heading = "smallest eigenvalue  "
    var lines = SummaryText.wrapped(
      SummaryEigenvalue(summary).parts, width: style.width - heading.count, separator: ", ",
      indent: heading.count)
    lines[0] = style.emphasized(heading, .strong) + lines[0]
    if names.count < last.symbolCount { return lines }
    return HeatMapText(last, names: names, style: style).lines() + [""] + lines
  }

  private func times() -> [String] {
    let rate = SummaryNumber.rounded(summary.ticksPerSecond)
    let total =
      "took \(SummaryNumber.seconds(summary.seconds))" + style.separator + "\(rate) ticks/s"
    let stages = summary.stages.map { stage in
      SummaryText.harmless(stage.name) + " " + SummaryNumber.seconds(stage.seconds)
    }
    let lines = SummaryText.wrapped(
      stages, width: style.width, separator: style.separator, indent: 0)
    return [style.emphasized(total, .strong)] + lines.map { style.emphasized($0, .faint) }
  }

  private func skipped() -> [String] {
    if summary.skipped.isEmpty { return [] }
    let heading = summary.skipped.count == 1 ? "1 file" : "\(summary.skipped.count) files"
    let lines = summary.skipped.map { file in
      "  " + SummaryText.harmless(file.name) + ": " + SummaryText.harmless(file.reason)
    }
    return [style.emphasized(heading + " left out", .strong)] + lines
  }
}
