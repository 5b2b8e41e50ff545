internal import LoomSystem
internal import Tickloom

extension ReportPage {
  /// Most symbols in the heat map: those with the largest mean |ρ| where there are more.
  private static var mostSymbols: Int { 120 }

  /// The last version's correlations as a heat map, with its legend.
  mutating func addMatrix(_ summary: RunSummary) throws(SystemError) {
    guard let last = summary.last, last.symbolCount > 1,
      summary.symbols.count >= last.symbolCount
    else { return }
    let selection = HeatMapSelection(last, most: Self.mostSymbols)
    let eigenvalue = SummaryEigenvalue(summary).parts.joined(separator: ", ")
    var note = "Smallest eigenvalue: \(Self.typeset(eigenvalue)). "
    if !selection.isComplete {
      note += "Shown are the \(selection.symbols.count) symbols of "
      note += "\(SummaryNumber.grouped(selection.total)) with the largest mean |ρ|. "
    }
    try beginSection("Correlation", note: note)
    let hasHoles = selection.symbols.contains { row in
      selection.symbols.contains { last[row, $0].isNaN }
    }
    try addLegend(hasHoles: hasHoles)
    // So few pairs find room in the corner that the triangle leaves free.
    let pairs = summary.highestPairs.count + summary.lowestPairs.count
    try addLine(pairs <= 10 ? "<div class=\"columns corner\">" : "<div class=\"columns\">")
    try addMap(selection.symbols, last, summary)
    try addPairTables(summary)
    try addLine("</div>")
    try endSection()
  }

  private mutating func addLegend(hasHoles: Bool) throws(SystemError) {
    add("<p class=\"legend\"><span>−1</span><svg width=\"205\" height=\"12\">")
    for step in 0..<ReportStyle.colourCount {
      add("<rect class=\"c\(step)\" x=\"\(step * 5)\" width=\"5\" height=\"12\"/>")
    }
    add("</svg><span>+1</span>")
    if hasHoles {
      add("<span class=\"key\"><svg width=\"14\" height=\"12\">")
      add("<rect class=\"hole\" width=\"14\" height=\"12\"/></svg>")
      add("not defined: too few joint rows, or no variance</span>")
    }
    try addLine("</p>")
  }

  private mutating func addMap(
    _ symbols: [SymbolID], _ matrix: CorrelationSnapshot, _ summary: RunSummary
  ) throws(SystemError) {
    let names = symbols.map { summary.symbols[$0.index].name }
    let layout = ReportHeatMap(names: names)
    let (width, height) = (Self.coordinate(layout.width), Self.coordinate(layout.height))
    try addLine(
      "<div class=\"scroll\"><svg class=\"map\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-size=\"\(Self.coordinate(layout.fontSize))\">")
    for row in symbols.indices {
      try addLabels(row, layout)
      for column in 0...row {
        addCell(row, column, symbols, matrix, layout)
      }
      try addLine()
    }
    try addLine("</svg></div>")
  }

  private mutating func addLabels(_ place: Int, _ layout: ReportHeatMap) throws(SystemError) {
    let middle = layout.middle(of: place)
    let baseline = layout.fontSize * 0.35
    add("<text class=\"row\" x=\"\(Self.coordinate(layout.left - 6))\" ")
    add("y=\"\(Self.coordinate(layout.top(of: place) + layout.cell / 2 + baseline))\">")
    add(text: layout.labels[place])
    add("</text>")
    let bottom = layout.top(of: layout.labels.count)
    if layout.isUpright {
      add("<text class=\"below\" x=\"\(Self.coordinate(middle))\" ")
      add("y=\"\(Self.coordinate(bottom + layout.fontSize + 4))\">")
    } else {
      let (x, y) = (Self.coordinate(middle + baseline), Self.coordinate(bottom + 6))
      add("<text class=\"row\" transform=\"translate(\(x) \(y)) rotate(-90)\">")
    }
    add(text: layout.labels[place])
    try addLine("</text>")
  }

  private mutating func addCell(
    _ row: Int, _ column: Int, _ symbols: [SymbolID], _ matrix: CorrelationSnapshot,
    _ layout: ReportHeatMap
  ) {
    let value = matrix[symbols[row], symbols[column]]
    let size = Self.coordinate(layout.cell - layout.gap)
    let kind = value.isNaN ? "hole" : row == column ? "same" : ReportStyle.colourClass(of: value)
    let left = Self.coordinate(layout.left(of: column))
    add("<rect class=\"\(kind)\" x=\"\(left)\" y=\"\(Self.coordinate(layout.top(of: row)))\" ")
    add("width=\"\(size)\" height=\"\(size)\"><title>")
    add(text: layout.names[row])
    if row != column {
      add(" × ")
      add(text: layout.names[column])
    }
    let shown = value.isNaN ? "–" : Self.typeset(SummaryNumber.fixed(value, decimals: 3))
    let joint = SummaryNumber.grouped(matrix.jointCount(symbols[row], symbols[column]))
    add("\nρ \(shown), n_eff \(joint)</title></rect>")
    guard layout.showsNumbers, row != column, !value.isNaN else { return }
    let ink = value.magnitude > 0.55 ? "number strong" : "number"
    add("<text class=\"\(ink)\" x=\"\(Self.coordinate(layout.middle(of: column)))\" ")
    add("y=\"\(Self.coordinate(layout.top(of: row) + layout.cell / 2 + 3.5))\">")
    add(Self.typeset(SummaryNumber.fixed(value, decimals: 2)) + "</text>")
  }
}
