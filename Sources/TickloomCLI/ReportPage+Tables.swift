internal import LoomSystem
internal import Tickloom

extension ReportPage {
  /// The counters by symbol; the total stands first, below the heads, where it is always seen.
  mutating func addCounters(_ summary: RunSummary) throws(SystemError) {
    if summary.symbols.isEmpty && summary.total.ticks.received == 0 { return }
    let counters = SummaryCounters(summary, most: Report.mostRows)
    try beginSection(
      "Counters", note: "Each input ends in exactly one count: accepted, or the reason why not.")
    add("<div class=\"scroll tall\"><table><thead><tr><th class=\"text\">symbol</th>")
    for (column, head) in counters.heads.enumerated() {
      add(column == counters.inputCount ? "<th class=\"group\">" : "<th>")
      // A long name may break at its underscore.
      add(head.split(separator: "_").joined(separator: "_<wbr/>") + "</th>")
    }
    try addLine("</tr></thead><tbody>")
    for row in counters.rows.suffix(1) + counters.rows.dropLast() {
      try add(row, of: counters, summary)
    }
    try addLine("</tbody></table></div>")
    try endSection()
  }

  private mutating func add(
    _ row: SummaryCounters.Row, of counters: SummaryCounters, _ summary: RunSummary
  ) throws(SystemError) {
    add(row.subject == .total ? "<tr class=\"total\"><th class=\"text\"" : "<tr><th class=\"text\"")
    if case .symbol(let place) = row.subject {
      // The cell cuts a long name.
      add(" title=\"")
      add(text: summary.symbols[place].name)
      add("\"")
    }
    add(">")
    switch row.subject {
    case .symbol(let place): add(text: summary.symbols[place].name)
    case .more(let count): add("… and \(SummaryNumber.grouped(count)) more")
    case .none: add("(no symbol)")
    case .total: add("total")
    }
    add("</th>")
    for (column, value) in row.cells.enumerated() {
      let group = column == counters.inputCount ? "group" : ""
      let zero = value == 0 ? "zero" : ""
      let classes = [group, zero].filter { !$0.isEmpty }.joined(separator: " ")
      add(classes.isEmpty ? "<td>" : "<td class=\"\(classes)\">")
      add(SummaryNumber.grouped(value) + "</td>")
    }
    try addLine("</tr>")
  }

  /// How many inputs each reason rejected, with bars to compare them.
  mutating func addRejects(_ summary: RunSummary) throws(SystemError) {
    let ticks = summary.total.ticks
    if ticks.received == 0 { return }
    try beginSection("Rejected inputs")
    if ticks.rejectedTotal == 0 {
      try addLine("<p class=\"note\">None: every input was accepted.</p>")
      return try endSection()
    }
    let reasons = RejectReason.allCases.filter { ticks[$0] > 0 }
    let most = reasons.lazy.map { ticks[$0] }.max() ?? 1
    try addLine("<table class=\"bars\"><tbody>")
    for reason in reasons {
      let share = SummaryNumber.percent(Double(ticks[reason]) / Double(ticks.received))
      try addBar(
        reason.name, SummaryNumber.grouped(ticks[reason]), share,
        length: Double(ticks[reason]) / Double(most))
    }
    try addLine("</tbody></table>")
    try endSection()
  }

  /// Where the time went.
  mutating func addStages(_ summary: RunSummary) throws(SystemError) {
    if summary.stages.isEmpty { return }
    try beginSection(
      "Stage times",
      note: "\(SummaryNumber.seconds(summary.seconds)) from the first read to the last write; "
        + "stages on different threads overlap.")
    let most = summary.stages.lazy.map(\.seconds).max() ?? 0
    try addLine("<table class=\"bars\"><tbody>")
    for stage in summary.stages {
      let share = summary.seconds > 0 ? stage.seconds / summary.seconds : 0
      try addBar(
        stage.name, SummaryNumber.seconds(stage.seconds), SummaryNumber.percent(share),
        length: most > 0 ? stage.seconds / most : 0)
    }
    try addLine("</tbody></table>")
    try endSection()
  }

  private mutating func addBar(
    _ name: String, _ value: String, _ share: String, length: Double
  ) throws(SystemError) {
    add("<tr>")
    add("<th class=\"text\">")
    add(text: name)
    add("</th>")
    add("td", text: value)
    add("td", text: share)
    let width = Self.coordinate(max(0.5, 100 * min(max(length, 0), 1)))
    try addLine(
      "<td class=\"bar\"><svg width=\"100%\" height=\"10\" aria-hidden=\"true\">"
        + "<rect width=\"\(width)%\" height=\"10\" rx=\"2\"/></svg></td></tr>")
  }

  /// What the run was asked for.
  mutating func addSettings(_ summary: RunSummary) throws(SystemError) {
    if summary.settings.isEmpty { return }
    try beginSection("Settings")
    try addLine("<dl>")
    for setting in summary.settings {
      add("<div>")
      add("dt", text: setting.name)
      add("dd", text: setting.value)
      try addLine("</div>")
    }
    try addLine("</dl>")
    try endSection()
  }

  /// The files left out, each with its reason.
  mutating func addSkipped(_ summary: RunSummary) throws(SystemError) {
    if summary.skipped.isEmpty { return }
    try beginSection("Files left out")
    try addLine("<ul>")
    for file in summary.skipped {
      add("<li>")
      add("code", text: file.name)
      add(": ")
      add(text: file.reason)
      try addLine("</li>")
    }
    try addLine("</ul>")
    try endSection()
  }
}
