/// A table of text whose columns line up; one too wide for the line goes on below.
struct SummaryTable {
  /// One column: its head and its cells from top to bottom.
  struct Column {
    /// What stands above it, at most two lines.
    var head: String
    /// As many as there are rows.
    var cells: [String]
    /// Whether it is text, which begins at the left; numbers end at the right.
    var isText = false
    /// Whether it begins the next part of a table that does not fit into the line.
    var beginsPart = false
  }

  /// The first column, repeated in every part.
  var names: Column
  /// The others.
  var columns: [Column]
  /// How the rows stand out; those beyond its end do not.
  var emphases: [SummaryStyle.Emphasis] = []
  /// How the heads stand out.
  var headEmphasis = SummaryStyle.Emphasis.faint
  /// A line is drawn above this row.
  var ruledRow: Int?
  /// This row is left out of a part in which all its cells are `0`.
  var optionalRow: Int?

  /// The lines of the table, all parts below each other with an empty line between.
  func lines(_ style: SummaryStyle) -> [String] {
    var lines: [String] = []
    for part in parts(width: style.width) {
      if !lines.isEmpty { lines.append("") }
      lines += self.lines(of: [names] + part, style)
    }
    return lines
  }

  /// The columns in groups, each of which fits beside the first column.
  private func parts(width: Int) -> [[Column]] {
    let needs = columns.map { Self.gap + Self.width(of: $0) }
    let free = width - Self.width(of: names)
    let fits = needs.reduce(0, +) <= free
    var parts: [[Column]] = []
    var room = 0
    for (column, needed) in zip(columns, needs) {
      if parts.isEmpty || needed > room || (column.beginsPart && !fits) {
        parts.append([])
        room = free
      }
      parts[parts.count - 1].append(column)
      room -= needed
    }
    return parts
  }

  private static let gap = 2

  private static func width(of column: Column) -> Int {
    let cells = column.cells.lazy.map(SummaryText.width).max() ?? 0
    return max(cells, headLines(column).lazy.map(SummaryText.width).max() ?? 0)
  }

  /// A long head, such as `invalid_price`, is broken at its first underscore.
  private static func headLines(_ column: Column) -> [String] {
    if column.head.count < 8 { return [column.head] }
    return column.head.split(separator: "_", maxSplits: 1).map(String.init)
  }

  private func lines(of columns: [Column], _ style: SummaryStyle) -> [String] {
    let widths = columns.map(Self.width)
    let heads = columns.map(Self.headLines)
    let headCount = heads.lazy.map(\.count).max() ?? 0
    var lines: [String] = []
    for row in 0..<headCount {
      let cells = heads.map { head in
        let place = row - (headCount - head.count)
        return place < 0 ? "" : head[place]
      }
      lines.append(style.emphasized(line(cells, columns, widths), headEmphasis))
    }
    let width = widths.reduce(0, +) + Self.gap * (widths.count - 1)
    for row in names.cells.indices {
      if row == optionalRow && columns.dropFirst().allSatisfy({ $0.cells[row] == "0" }) { continue }
      if row == ruledRow {
        let rule = String(repeating: style.rule, count: width)
        lines.append(style.emphasized(rule, .faint))
      }
      let text = line(columns.map { $0.cells[row] }, columns, widths)
      lines.append(style.emphasized(text, row < emphases.count ? emphases[row] : .none))
    }
    return lines
  }

  private func line(_ cells: [String], _ columns: [Column], _ widths: [Int]) -> String {
    var line = ""
    for index in cells.indices {
      if index > 0 { line += String(repeating: " ", count: Self.gap) }
      line +=
        columns[index].isText
        ? SummaryText.leading(cells[index], widths[index])
        : SummaryText.trailing(cells[index], widths[index])
    }
    return line
  }
}
