internal import LoomSystem
internal import Tickloom

extension ReportPage {
  /// The most correlated and anti-correlated pairs, one table below the other.
  mutating func addPairTables(_ summary: RunSummary) throws(SystemError) {
    if summary.highestPairs.isEmpty && summary.lowestPairs.isEmpty { return }
    try addLine("<div class=\"scroll\">")
    if !summary.highestPairs.isEmpty { try addTable("Most correlated", summary.highestPairs) }
    if !summary.lowestPairs.isEmpty {
      let isNegative = summary.lowestPairs.contains { $0.correlation < 0 }
      try addTable(isNegative ? "Most anti-correlated" : "Least correlated", summary.lowestPairs)
    }
    try addLine(
      "<p class=\"note small\"><i>p</i> is two-sided, by Fisher’s <i>z</i>; "
        + "<i>n</i><sub>eff</sub> counts the rows that hold both.</p></div>")
  }

  /// How the ρ of the strongest pairs went.
  mutating func addHistories(_ summary: RunSummary) throws(SystemError) {
    let pairs = (summary.highestPairs + summary.lowestPairs).filter { $0.history.count > 1 }
    if pairs.isEmpty { return }
    try beginSection("Correlation of the strongest pairs over time")
    try addLine("<div class=\"charts\">")
    for pair in pairs { try addHistory(pair) }
    try addLine("</div>")
    try endSection()
  }

  private mutating func addTable(
    _ title: String, _ pairs: [RunSummary.Pair]
  ) throws(SystemError) {
    try addLine("<table class=\"pairs\"><thead><tr><th class=\"text\">\(title)</th>")
    try addLine("<th>ρ</th><th><i>n</i><sub>eff</sub></th><th><i>p</i></th></tr></thead><tbody>")
    for pair in pairs {
      add("<tr><th class=\"text\">")
      add(text: pair.first)
      add(" <span class=\"faint\">×</span> ")
      add(text: pair.second)
      add("</th>")
      add("td", text: Self.typeset(SummaryNumber.fixed(pair.correlation, decimals: 3)))
      add("td", text: SummaryNumber.grouped(pair.jointCount))
      add("td", text: SummaryNumber.probability(pair.pValue) ?? "–")
      try addLine("</tr>")
    }
    try addLine("</tbody></table>")
  }

  private mutating func addHistory(_ pair: RunSummary.Pair) throws(SystemError) {
    let label = Self.typeset(SummaryNumber.fixed(pair.correlation, decimals: 2))
    add("<figure><figcaption><b>")
    add(text: pair.first)
    add(" <span class=\"faint\">×</span> ")
    add(text: pair.second)
    try addLine("</b><span>\(label)</span></figcaption>")
    let times = pair.history.map(\.time)
    let values = pair.history.map(\.correlation)
    var chart = ReportChart(times: times, height: 150, labelWidth: 28)
    chart.addPanel(
      values, axis: ReportAxis(lower: -1, upper: 1, step: 0.5), name: "", style: "rho", top: 8,
      height: 104, format: { Self.typeset(SummaryNumber.fixed($0, decimals: 2)) })
    try add(chart)
    try addLine("</figure>")
  }
}
