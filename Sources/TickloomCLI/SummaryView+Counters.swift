internal import Tickloom

extension SummaryView {
  private static let mostSymbols = 20
  private static let longestName = 16

  /// The counters as a table that ends with the total.
  func counters() -> [String] {
    if summary.symbols.isEmpty && summary.total.ticks.received == 0 { return ["nothing was read"] }
    let counters = SummaryCounters(summary, most: Self.mostSymbols)
    let rows = counters.rows
    let columns = counters.heads.indices.map { column in
      SummaryTable.Column(
        head: counters.heads[column],
        cells: rows.map { SummaryNumber.grouped($0.cells[column]) },
        beginsPart: column == counters.inputCount)
    }
    let names = SummaryTable.Column(
      head: "symbol", cells: rows.map { label($0.subject) }, isText: true)
    var table = SummaryTable(names: names, columns: columns)
    table.ruledRow = rows.count - 1
    table.optionalRow = rows.firstIndex { $0.subject == .none }
    table.emphases = [SummaryStyle.Emphasis](repeating: .none, count: rows.count - 1) + [.strong]
    return table.lines(style)
  }

  private func label(_ subject: SummaryCounters.Subject) -> String {
    switch subject {
    case .symbol(let place):
      SummaryText.shortened(names[place], to: Self.longestName, ellipsis: style.ellipsis)
    case .more(let count):
      "\(style.isTerminal ? "…" : "...") and \(SummaryNumber.grouped(count)) more"
    case .none: "(no symbol)"
    case .total: "total"
    }
  }
}
