internal import LoomSystem
internal import Tickloom

extension ReportPage {
  /// Writes a drawing as inline SVG.
  mutating func add(_ chart: ReportChart) throws(SystemError) {
    let width = Self.coordinate(chart.width)
    try addLine("<svg class=\"chart\" viewBox=\"0 0 \(width) \(Self.coordinate(chart.height))\">")
    try addTimes(chart)
    for panel in chart.panels {
      try addAxis(panel, of: chart)
      try addLine("<path class=\"curve \(panel.style)\" d=\"\(chart.path(of: panel))\"/>")
      if !panel.name.isEmpty {
        let place = position(chart.left, panel.top - 6)
        try addLine("<text class=\"name\" \(place)>\(panel.name)</text>")
      }
    }
    try addHints(chart)
    try addLine("</svg>")
  }

  private func position(_ x: Double, _ y: Double) -> String {
    "x=\"\(Self.coordinate(x))\" y=\"\(Self.coordinate(y))\""
  }

  private mutating func addTimes(_ chart: ReportChart) throws(SystemError) {
    guard let first = chart.times.first, let last = chart.times.last else { return }
    let bottom = chart.panels.lazy.map { $0.top + $0.height }.max() ?? chart.height
    let axis = ReportTimeAxis(from: first, to: last, count: Int(chart.width / 70))
    for tick in axis.ticks {
      let x = chart.x(tick.time)
      let place = Self.coordinate(x)
      for panel in chart.panels {
        let ends = "V\(Self.coordinate(panel.top + panel.height))"
        add("<path class=\"grid\" d=\"M\(place) \(Self.coordinate(panel.top))\(ends)\"/>")
      }
      add("<text class=\"time\" \(position(x, bottom + 14))>\(tick.label)</text>")
      if !tick.context.isEmpty {
        add("<text class=\"time context\" \(position(x, bottom + 27))>\(tick.context)</text>")
      }
      try addLine()
    }
  }

  private mutating func addAxis(
    _ panel: ReportChart.Panel, of chart: ReportChart
  ) throws(SystemError) {
    let right = Self.coordinate(chart.right)
    for value in panel.axis.ticks {
      let y = panel.y(value)
      let kind = value == 0 && panel.axis.lower < 0 ? "zero" : "grid"
      add(
        "<path class=\"\(kind)\" d=\"M\(Self.coordinate(chart.left)) \(Self.coordinate(y))H\(right)\"/>"
      )
      let place = position(chart.left - 6, y + 3.5)
      try addLine("<text class=\"value\" \(place)>\(panel.axis.label(value))</text>")
    }
  }

  /// Invisible areas, each of which tells the values at its middle to who points at it.
  private mutating func addHints(_ chart: ReportChart) throws(SystemError) {
    let told = chart.told
    for (index, place) in told.enumerated() {
      let x = chart.x(chart.times[place])
      let start = index == 0 ? chart.left : (x + chart.x(chart.times[told[index - 1]])) / 2
      let end =
        index == told.count - 1
        ? chart.right : (x + chart.x(chart.times[told[index + 1]])) / 2
      let bottom = chart.panels.lazy.map { $0.top + $0.height }.max() ?? 0
      add("<rect class=\"hint\" \(position(start, 0)) width=\"\(Self.coordinate(end - start))\"")
      add(" height=\"\(Self.coordinate(bottom))\"><title>")
      add(SummaryTime.instant(chart.times[place]))
      for panel in chart.panels {
        let value = panel.values[place]
        let text = value.isFinite ? panel.format(value) : "–"
        add("\n" + (panel.style == "rho" ? "ρ" : panel.style) + " " + text)
      }
      try addLine("</title></rect>")
    }
  }
}
