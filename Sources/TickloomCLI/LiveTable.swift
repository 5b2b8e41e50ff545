/// A table that is cut to the room there is: columns that matter less give way.
struct LiveTable {
  /// One column: its head and its cells from top to bottom.
  struct Column {
    var head: String
    var cells: [String]
    /// Whether it is text, which begins at the left; numbers end at the right.
    var isText = false
    /// Columns of the least weight are left out first, together; the first column never is.
    var weight = 0
    /// Colours a cell that has been brought to its width.
    var paint: ((_ row: Int, _ cell: String) -> String)?
  }

  var columns: [Column]
  private static let gap = 2

  /// The head and the rows, each in at most `width` columns.
  func lines(width: Int, _ style: SummaryStyle) -> [String] {
    let shown = columns(fitting: width)
    let widths = shown.map(Self.width)
    let head = zip(shown, widths).map { column, width in Self.cell(column.head, column, width) }
    let rows = (columns.first?.cells ?? []).indices.map { row in
      zip(shown, widths).map { column, width in
        let cell = Self.cell(column.cells[row], column, width)
        return column.paint?(row, cell) ?? cell
      }
    }
    let blanks = String(repeating: " ", count: Self.gap)
    let title = Self.cut(head.joined(separator: blanks), to: width)
    // One column that is too wide by itself: without colours, as it is cut.
    if shown.count == 1 { return [title] + rows.map { Self.cut($0.joined(), to: width) } }
    return [style.emphasized(title, .faint)] + rows.map { $0.joined(separator: blanks) }
  }

  private func columns(fitting width: Int) -> [Column] {
    var shown = columns
    while shown.count > 1 {
      let needed = shown.map { Self.width($0) + Self.gap }.reduce(-Self.gap, +)
      if needed <= width { break }
      guard let least = shown.dropFirst().map(\.weight).min() else { break }
      shown = [shown[0]] + shown.dropFirst().filter { $0.weight > least }
    }
    return shown
  }

  private static func width(_ column: Column) -> Int {
    max(
      SummaryText.width(column.head), column.cells.lazy.map { SummaryText.width($0) }.max() ?? 0)
  }

  private static func cell(_ text: String, _ column: Column, _ width: Int) -> String {
    column.isText ? SummaryText.leading(text, width) : SummaryText.trailing(text, width)
  }

  private static func cut(_ text: String, to width: Int) -> String {
    SummaryText.truncated(text, to: width, ellipsis: "")
  }
}
