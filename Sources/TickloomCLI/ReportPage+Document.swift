internal import LoomSystem
internal import Tickloom

extension ReportPage {
  /// Everything before the first section.
  mutating func beginDocument(_ title: String) throws(SystemError) {
    try addLine("<!DOCTYPE html>")
    try addLine("<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
    try addLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
    try addLine("<meta name=\"color-scheme\" content=\"light dark\"/>")
    add("title", text: title)
    try addLine("<style>")
    try addLine(ReportStyle.rules)
    try addLine(ReportStyle.heatMapRules())
    try addLine("</style></head><body><main>")
    // One definition for every drawing of the page.
    try addLine(
      "<svg class=\"definitions\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
        + "<pattern id=\"hatch\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" "
        + "patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"4\" "
        + "height=\"4\"/><rect class=\"hatch-line\" width=\"1.2\" height=\"4\"/></pattern>"
        + "</defs></svg>")
  }

  mutating func endDocument() throws(SystemError) {
    try addLine("</main></body></html>")
  }

  /// Starts a section with its heading and, below it, what one has to know to read it.
  mutating func beginSection(_ heading: String, note: String = "") throws(SystemError) {
    try addLine("<section><h2>\(heading)</h2>")
    if !note.isEmpty { try addLine("<p class=\"note\">\(note)</p>") }
  }

  mutating func endSection() throws(SystemError) { try addLine("</section>") }

  /// What was run, what came out of it, and the numbers to look at first.
  mutating func addHeading(_ summary: RunSummary) throws(SystemError) {
    let count = summary.symbols.count
    try addLine("<header><p class=\"product\">Tickloom run report</p>")
    add(count == 1 ? "<h1>1 symbol, " : "<h1>\(SummaryNumber.grouped(count)) symbols, ")
    try addLine("bars of \(summary.timeframe)</h1>")
    add("<p class=\"note\">")
    add(text: summary.estimator)
    if let last = summary.last {
      let number = SummaryNumber.grouped(Int(last.number))
      let time = SummaryTime.instant(last.start, of: summary.timeframe)
      add(" · version \(number) <span class=\"instant\">at \(time)</span><br/>")
      add("<code>hash \(last.hash)</code>")
    } else {
      add(" · no version: no return could be joined into a row")
    }
    try addLine("</p></header>")
    try addTiles(summary)
  }

  private mutating func addTiles(_ summary: RunSummary) throws(SystemError) {
    let ticks = summary.total.ticks
    let isEmpty = ticks.received == 0
    let accepted = isEmpty ? 0 : Double(ticks.accepted) / Double(ticks.received)
    try addLine("<div class=\"tiles\">")
    try addTile("inputs", SummaryNumber.grouped(ticks.received), rate(summary))
    try addTile(
      "accepted", isEmpty ? "–" : SummaryNumber.percent(accepted),
      "\(SummaryNumber.grouped(ticks.accepted)) inputs")
    try addTile(
      "late", isEmpty ? "–" : SummaryNumber.percent(summary.lateShare), lateness(summary))
    try addTile(
      "bars", SummaryNumber.grouped(summary.total.bars),
      "\(SummaryNumber.grouped(summary.total.missing)) missing, "
        + "\(SummaryNumber.grouped(summary.total.outliers)) outliers")
    try addTile(
      "versions", SummaryNumber.grouped(summary.versions),
      "\(SummaryNumber.grouped(summary.total.features)) feature rows")
    let eigenvalue = SummaryEigenvalue(summary)
    let value = summary.smallestEigenvalue.map(eigenvalue.number) ?? "none"
    try addTile("smallest eigenvalue", Self.typeset(value), eigenvalue.remark)
    try addLine("</div>")
  }

  private mutating func addTile(
    _ name: String, _ value: String, _ remark: String
  ) throws(SystemError) {
    add("<div class=\"tile\"><div class=\"name\">\(name)</div>")
    add("<div class=\"value\">")
    add(text: value)
    add("</div><div class=\"remark\">")
    add(text: remark)
    try addLine("</div></div>")
  }

  private func rate(_ summary: RunSummary) -> String {
    let seconds = SummaryNumber.seconds(summary.seconds)
    return "\(seconds), \(SummaryNumber.rounded(summary.ticksPerSecond)) ticks/s"
  }

  private func lateness(_ summary: RunSummary) -> String {
    if summary.total.ticks[.late] == 0 { return "no input was late" }
    if summary.lateShare <= 0.01 {
      return "\(SummaryNumber.grouped(summary.total.ticks[.late])) inputs"
    }
    return "--lateness \(SummaryTime.roundedUp(summary.latenessForMost)) keeps 99 %"
  }
}
