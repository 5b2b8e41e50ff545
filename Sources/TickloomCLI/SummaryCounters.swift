internal import Tickloom

/// The counters of a run by symbol and in total, the largest symbols where there are many.
struct SummaryCounters {
  private let summary: RunSummary
  private let names: [String]

  /// Most symbols that have a row of their own.
  static let mostSymbols = 20
  private static let longestName = 16

  /// Prepares the counters; `names` are the symbols' as they are to be shown.
  init(_ summary: RunSummary, names: [String]) {
    self.summary = summary
    self.names = names
  }

  /// The reasons by which any input was rejected, in their order.
  static func reasons(in summary: RunSummary) -> [RejectReason] {
    RejectReason.allCases.filter { summary.total.ticks[$0] > 0 }
  }

  /// Places of the symbols shown: all in order of registration, or the largest first.
  static func places(in summary: RunSummary, most: Int) -> [Int] {
    let all = Array(summary.symbols.indices)
    if all.count <= most { return all }
    let received = summary.symbols.map(\.counts.ticks.received)
    let ranked = all.sorted { first, second in
      received[first] == received[second]
        ? first < second : received[first] > received[second]
    }
    return Array(ranked.prefix(most))
  }

  /// The table with its total as the last row.
  func table(_ style: SummaryStyle) -> SummaryTable {
    let shown = Self.places(in: summary, most: Self.mostSymbols)
    var labels = shown.map { place in
      SummaryText.shortened(names[place], to: Self.longestName, ellipsis: style.ellipsis)
    }
    let more = names.count - shown.count
    let ellipsis = style.isTerminal ? "…" : "..."
    if more > 0 { labels.append("\(ellipsis) and \(SummaryNumber.grouped(more)) more") }
    if hasStrays { labels.append("(no symbol)") }
    labels.append("total")
    let columns = contents.map { content in
      SummaryTable.Column(
        head: content.head, cells: cells(content.count, shown).map(SummaryNumber.grouped),
        beginsPart: content.head == "bars")
    }
    var table = SummaryTable(
      names: .init(head: "symbol", cells: labels, isText: true), columns: columns)
    table.ruledRow = labels.count - 1
    table.optionalRow = hasStrays ? labels.count - 2 : nil
    table.emphases = [SummaryStyle.Emphasis](repeating: .none, count: labels.count - 1) + [.strong]
    return table
  }

  /// Whether there were inputs whose symbol is not known: rows that do not parse.
  private var hasStrays: Bool {
    summary.total.ticks.received > summary.symbols.reduce(0) { $0 + $1.counts.ticks.received }
  }

  private func cells(_ count: (RunSummary.Counts) -> Int, _ shown: [Int]) -> [Int] {
    var cells = shown.map { count(summary.symbols[$0].counts) }
    let ofSymbols = summary.symbols.reduce(0) { $0 + count($1.counts) }
    if shown.count < summary.symbols.count { cells.append(ofSymbols - cells.reduce(0, +)) }
    let total = count(summary.total)
    if hasStrays { cells.append(total - ofSymbols) }
    return cells + [total]
  }

  private typealias Content = (head: String, count: (RunSummary.Counts) -> Int)

  private var contents: [Content] {
    let inputs: [Content] = [
      ("received", { $0.ticks.received }), ("accepted", { $0.ticks.accepted }),
    ]
    let rejects = Self.reasons(in: summary).map { reason -> Content in
      (reason.name, { $0.ticks[reason] })
    }
    let outputs: [Content] = [
      ("bars", { $0.bars }), ("missing", { $0.missing }), ("outliers", { $0.outliers }),
      ("features", { $0.features }),
    ]
    return inputs + rejects + outputs
  }
}
