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
    // One or two symbols may take more room than many.
    let isLarge = places.count <= 2
    try addLine(isLarge ? "<div class=\"charts large\">" : "<div class=\"charts\">")
    for place in places { try addChart(summary.symbols[place], width: isLarge ? 520 : 350) }
    try addLine("</div>")
    try endSection()
  }

  private mutating func addChart(
    _ symbol: RunSummary.Symbol, width: Double
  ) throws(SystemError) {
    let chart = symbol.chart
    let prices = ReportAxis(covering: chart.closes, count: 4)
    add("<figure><figcaption><b>")
    add(text: symbol.name)
    add("</b><span>")
    if let prices, let last = chart.closes.last(where: \.isFinite) {
      add(prices.label(last, extraDecimals: 1))
    }
    try addLine("</span></figcaption>")
    if let prices {
      try add(drawing(chart, prices, width: width))
    } else {
      try addLine("<p class=\"note\">Nothing to draw.</p>")
    }
    try addLine("</figure>")
  }

  private func drawing(
    _ chart: RunSummary.Chart, _ prices: ReportAxis, width: Double
  ) -> ReportChart {
    let volatility = Volatility(chart)
    let labels = prices.tickLabels + (volatility?.axis.tickLabels ?? [])
    let widest = labels.lazy.map(\.count).max() ?? 0
    var result = ReportChart(
      times: chart.times, width: width, height: volatility == nil ? 164 : 240,
      labelWidth: Double(widest) * 6.8 + 8)
    result.addPanel(
      chart.closes, axis: prices, name: "close", style: "price", top: 18, height: 112,
      format: { prices.label($0, extraDecimals: 1) })
    guard let volatility else { return result }
    result.addPanel(
      volatility.values, axis: volatility.axis, name: "volatility, \(volatility.unit)",
      style: "volatility", top: 154, height: 48,
      format: { SummaryNumber.significant($0) + " " + volatility.unit })
    return result
  }

  /// Volatility in a unit that needs few digits; there is none to draw where all are 0 or NaN.
  private struct Volatility {
    var values: [Double]
    var unit: String
    var axis: ReportAxis

    init?(_ chart: RunSummary.Chart) {
      let largest = chart.volatilities.lazy.filter(\.isFinite).max() ?? 0
      guard largest > 0 else { return nil }
      // Returns of short bars are small: hundredths of a percent read better than zeros.
      let isSmall = largest < 0.01
      unit = isSmall ? "bp" : "%"
      values = chart.volatilities.map { $0 * (isSmall ? 1e4 : 1e2) }
      guard let axis = ReportAxis(covering: values + [0], count: 2) else { return nil }
      self.axis = axis
    }
  }
}
