internal import Tickloom

/// The correlation matrix as lines of text: numbers where they fit, else coloured blocks.
struct HeatMapText {
  private let snapshot: CorrelationSnapshot
  private let names: [String]
  private let style: SummaryStyle
  private let selection: HeatMapSelection
  private let layout: Layout

  /// Columns of a cell and of the names at the left, and whether the columns are numbered.
  private struct Layout {
    var labelWidth: Int
    var cellWidth: Int
    var showsNumbers: Bool
    var isNumbered: Bool
  }

  /// Most symbols shown, however wide the terminal is: more than this nobody compares by eye.
  static let mostSymbols = 40
  private static let longestLabel = 12

  /// Lays the map out; `names` are by order of registration and harmless.
  init(_ snapshot: CorrelationSnapshot, names: [String], style: SummaryStyle) {
    self.snapshot = snapshot
    self.names = names
    self.style = style
    let longest = names.lazy.map(SummaryText.width).max() ?? 0
    let labelWidth = min(longest, Self.longestLabel)
    // Numbered rows: two digits and a blank before the name, a blank behind it.
    let room = style.width - labelWidth - 4
    let blocks = style.colours == .none ? room / 5 : room / 2
    selection = HeatMapSelection(snapshot, most: min(Self.mostSymbols, blocks))
    let count = max(1, selection.symbols.count)
    let named = max(6, longest + 1)
    let fitsNames = named <= 9 && count * named + labelWidth < style.width
    let cellWidth = fitsNames ? named : [6, 5].first { count * $0 <= room } ?? 2
    layout = Layout(
      labelWidth: labelWidth, cellWidth: cellWidth, showsNumbers: cellWidth > 2,
      isNumbered: !fitsNames)
  }

  /// Title, column heads, rows and legend.
  func lines() -> [String] {
    var lines = [title, head()]
    for (row, symbol) in selection.symbols.enumerated() {
      var line = label(row, symbol) + selection.symbols.map { cell(symbol, $0) }.joined()
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    return lines + legend()
  }

  private var title: String {
    let subject = style.emphasized("correlation (\(style.rho))", .strong)
    if selection.isComplete { return subject }
    return subject + " of the \(selection.symbols.count) symbols of \(selection.total)"
      + " with the largest mean |\(style.rho)|"
  }

  private func head() -> String {
    var line = String(repeating: " ", count: marginWidth)
    for (column, symbol) in selection.symbols.enumerated() {
      let text = layout.isNumbered ? number(column) : names[symbol.index]
      line += SummaryText.trailing(text, layout.cellWidth)
    }
    return style.emphasized(line, .faint)
  }

  /// Narrow columns have room for the number of every second one only.
  private func number(_ column: Int) -> String {
    layout.showsNumbers || column % 2 == 0 ? String(column + 1) : ""
  }

  private var marginWidth: Int { layout.labelWidth + (layout.isNumbered ? 4 : 1) }

  private func label(_ row: Int, _ symbol: SymbolID) -> String {
    let name = SummaryText.shortened(
      names[symbol.index], to: layout.labelWidth, ellipsis: style.ellipsis)
    let padded = SummaryText.leading(name, layout.labelWidth + 1)
    guard layout.isNumbered else { return padded }
    let number = SummaryText.trailing(String(row + 1), 2)
    return style.emphasized(number, .faint) + " " + padded
  }

  private func cell(_ row: SymbolID, _ column: SymbolID) -> String {
    let value = snapshot[row, column]
    if value.isNaN { return style.emphasized(centred(style.dot), .faint) }
    if row == column { return style.emphasized(centred("1"), .faint) }
    let text = number(value)
    guard style.colours != .none else { return SummaryText.trailing(text, layout.cellWidth) }
    return style.painted(SummaryText.trailing(text + inset, layout.cellWidth), correlation: value)
  }

  /// `-0.83`, in narrow cells `-.83`; nothing in a block.
  private func number(_ value: Double) -> String {
    guard layout.showsNumbers else { return "" }
    let text = SummaryNumber.fixed(value, decimals: 2)
    if layout.cellWidth > 5 { return text }
    return text.hasPrefix("0.") ? String(text.dropFirst()) : text.replacing("-0.", with: "-.")
  }

  /// Blanks behind the number, so that it stands in the middle of a coloured cell.
  private var inset: String {
    String(repeating: " ", count: style.colours == .none ? 0 : max(0, layout.cellWidth - 5) / 2)
  }

  /// `mark` below the units of the numbers, or at the right of a block.
  private func centred(_ mark: String) -> String {
    guard layout.showsNumbers else { return SummaryText.trailing(mark, layout.cellWidth) }
    let decimals = layout.cellWidth > 5 ? "   " : "  "
    return SummaryText.trailing(mark + decimals + inset, layout.cellWidth)
  }

  private func legend() -> [String] {
    var parts: [String] = []
    if style.colours != .none {
      let steps = stride(from: -1.0, through: 1.0, by: 0.125).map { value in
        style.painted(" ", correlation: value)
      }
      parts.append("-1 " + steps.joined() + " +1")
    }
    if selection.symbols.contains(where: { row in
      selection.symbols.contains { snapshot[row, $0].isNaN }
    }) {
      parts.append("\(style.dot) not defined: too few joint rows, or no variance")
    }
    let margin = String(repeating: " ", count: marginWidth + (layout.showsNumbers ? 2 : 0))
    return parts.map { margin + $0 }
  }
}
