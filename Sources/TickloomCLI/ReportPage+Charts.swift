internal import LoomSystem
internal import Tickloom

extension ReportPage {
  /// Price and volatility of the symbols, the largest ones where there are many.
  mutating func addCharts(_ summary: RunSummary) throws(SystemError) {
    let drawable = summary.symbols.filter { !$0.chart.times.isEmpty }
    if drawable.isEmpty { return }
    let places = SummaryCounters.places(in: summary, most: Report.mostCharts)
    let count = SummaryNumber.grouped(summary.symbols.count)
    let selection =
      places.count < summary.symbols.count
      ? "The \(places.count) symbols of \(count) with the most inputs. " : ""
    try beginSection(
      "Prices and volatility",
      note: selection + "Close of the bar, and <code>volatility_20</code>: the standard deviation "
        + "of the last 20 returns. Times are UTC; where a line breaks there were no bars.")
    try addLine("<div class=\"charts\">")
    for place in places { try addChart(summary.symbols[place]) }
    try addLine("</div>")
    try endSection()
  }

  private mutating func addChart(_ symbol: RunSummary.Symbol) throws(SystemError) {
    let chart = symbol.chart
    let prices = ReportAxis(covering: chart.closes, count: 4)
    let last = chart.closes.last { $0.isFinite }
    add("<figure><figcaption><b>")
    add(text: symbol.name)
    add("</b><span>")
    if let last {
      add(text: prices?.label(last, extraDecimals: 1) ?? SummaryNumber.scientific(last))
    }
    try addLine("</span></figcaption>")
    if let prices {
      try add(drawing(chart, prices))
    } else {
      try addLine("<p class=\"note\">Nothing to draw.</p>")
    }
    try addLine("</figure>")
  }

  private func drawing(_ chart: RunSummary.Chart, _ prices: ReportAxis) -> ReportChart {
    // Returns of a bar are small: hundredths of a percent read better than zeros.
    let largest = chart.volatilities.lazy.filter(\.isFinite).max() ?? 0
    let unit = largest < 0.01 ? (name: "bp", factor: 1e4) : (name: "%", factor: 1e2)
    let volatilities = chart.volatilities.map { $0 * unit.factor }
    let axis = ReportAxis(covering: volatilities + [0], count: 2)
    let widest =
      (prices.ticks.map { prices.label($0) } + (axis?.ticks.map { axis?.label($0) ?? "" } ?? []))
      .lazy.map(\.count).max() ?? 0
    var result = ReportChart(times: chart.times, height: 224, labelWidth: Double(widest) * 6.2 + 8)
    result.addPanel(
      chart.closes, axis: prices, name: "close", style: "price", top: 8, height: 112,
      format: { prices.label($0, extraDecimals: 1) })
    if let axis, largest > 0 {
      result.addPanel(
        volatilities, axis: axis, name: "volatility, \(unit.name)", style: "volatility", top: 138,
        height: 48, format: { SummaryNumber.significant($0) + " " + unit.name })
    }
    return result
  }
}
