/// Where the cells and labels of a heat map lie: its lower triangle, names at the left and below.
///
/// All lengths are in pixels.
struct ReportHeatMap {
  /// The whole names.
  let names: [String]
  /// The names as they fit.
  let labels: [String]
  /// Side of a cell, its gap included.
  let cell: Double
  /// Between two cells.
  let gap: Double
  /// Of the labels.
  let fontSize: Double
  /// Left end of the cells.
  let left: Double
  /// Whether the labels below are written horizontally.
  let isUpright: Bool
  private let labelWidth: Double

  private static let longestLabel = 14
  private static let widest = 880.0

  /// Lays out a map of that many symbols, at least one.
  init(names: [String]) {
    precondition(!names.isEmpty, "a map of no symbol")
    self.names = names
    labels = names.map { name in
      SummaryText.shortened(name, to: Self.longestLabel, ellipsis: "…")
    }
    let largest = names.count <= 6 ? 64.0 : 44.0
    cell = min(largest, max(8, (Self.widest / Double(names.count)).rounded(.down)))
    gap = cell >= 12 ? 1 : 0
    fontSize = min(12, cell)
    let longest = labels.lazy.map(SummaryText.width).max() ?? 0
    labelWidth = (Double(longest) * fontSize * 0.74).rounded(.up)
    left = labelWidth + 8
    isUpright = labelWidth <= cell - 4
  }

  /// Whether a cell has room for its number.
  var showsNumbers: Bool { cell >= 34 }

  /// Width of the drawing.
  var width: Double { left + cell * Double(names.count) + 2 }

  /// Height of the drawing.
  var height: Double {
    top(of: names.count) + (isUpright ? fontSize + 10 : labelWidth + 10)
  }

  /// Left end of a column.
  func left(of column: Int) -> Double { left + cell * Double(column) }

  /// Upper end of a row.
  func top(of row: Int) -> Double { 2 + cell * Double(row) }

  /// Middle of a column.
  func middle(of column: Int) -> Double { left(of: column) + (cell - gap) / 2 }
}
