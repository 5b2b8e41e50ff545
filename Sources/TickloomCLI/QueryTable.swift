internal import LoomSystem
internal import Tickloom

/// Rows whose columns line up, as they come: the first thousand decide how wide the columns are.
///
/// On a terminal that is too narrow each row becomes lines of its own, so that nothing is cut.
struct QueryTable {
  private static let rowsToMeasure = 1000
  private static let gap = 2

  private let names: [String]
  private let style: SummaryStyle
  /// What a line may take; nil where nobody looks at it.
  private let widthMaximum: Int?
  private var waiting: [[QueryValue]] = []
  private var layout: Layout?
  private var lines: [String] = []
  private var taken = 0
  private var rowCount = 0

  /// How the columns are shown, once that is known.
  private struct Layout {
    var widths: [Int]
    var areNumbers: [Bool]
    var isTable: Bool
  }

  init(columns: [String], on terminal: Terminal) {
    names = columns.map(SummaryText.harmless)
    style = SummaryStyle(terminal)
    widthMaximum = terminal.isInteractive ? terminal.width : nil
  }

  /// Takes the next row.
  mutating func add(_ row: [QueryValue]) {
    if let layout { return show(row, layout) }
    waiting.append(row)
    if waiting.count == Self.rowsToMeasure { begin() }
  }

  /// Says that there are no more rows.
  mutating func finish() {
    if layout == nil { begin() }
  }

  /// The next line that can be shown.
  mutating func popLine() -> String? {
    if taken == lines.count {
      lines.removeAll(keepingCapacity: true)
      taken = 0
      return nil
    }
    taken += 1
    return lines[taken - 1]
  }

  private mutating func begin() {
    var layout = Layout(
      widths: names.map(SummaryText.width), areNumbers: names.indices.map(isNumeric), isTable: true)
    for row in waiting {
      for (column, value) in row.enumerated() {
        let width = SummaryText.width(value.cell(style))
        layout.widths[column] = max(layout.widths[column], width)
      }
    }
    let width = layout.widths.reduce(0, +) + Self.gap * (names.count - 1)
    if let widthMaximum, width > widthMaximum { layout.isTable = false }
    self.layout = layout
    if layout.isTable { lines.append(style.emphasized(line(names, layout), .faint)) }
    for row in waiting { show(row, layout) }
    waiting = []
  }

  /// Whether a column holds numbers, and nothing else.
  private func isNumeric(_ column: Int) -> Bool {
    let values = waiting.lazy.map { $0[column] }.filter { $0 != .null }
    return values.allSatisfy(\.isNumber) && values.contains { _ in true }
  }

  private mutating func show(_ row: [QueryValue], _ layout: Layout) {
    let cells = row.map { $0.cell(style) }
    rowCount += 1
    if layout.isTable { return lines.append(line(cells, layout)) }
    if rowCount > 1 { lines.append("") }
    let width = names.lazy.map(SummaryText.width).max() ?? 0
    for (name, cell) in zip(names, cells) {
      let label = style.emphasized(SummaryText.leading(name, width), .faint)
      lines.append(label + "  " + cell)
    }
  }

  private func line(_ cells: [String], _ layout: Layout) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      if column > 0 { line += String(repeating: " ", count: Self.gap) }
      let width = layout.widths[column]
      if layout.areNumbers[column] {
        line += SummaryText.trailing(cell, width)
      } else {
        line += SummaryText.leading(cell, width)
      }
    }
    // No blanks at its end, which nobody sees.
    while line.last == " " { line.removeLast() }
    return line
  }
}
