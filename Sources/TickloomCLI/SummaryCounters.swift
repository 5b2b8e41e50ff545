internal import Tickloom

/// The counters of a run by symbol and in total, the largest symbols where there are many.
struct SummaryCounters {
  /// What a row stands for.
  enum Subject: Hashable {
    /// The symbol at that place in the order of registration.
    case symbol(Int)
    /// That many symbols without a row of their own.
    case more(Int)
    /// Inputs that belong to no symbol: rows that do not parse.
    case none
    case total
  }

  /// One row: as many cells as there are heads.
  struct Row {
    var subject: Subject
    var cells: [Int]
  }

  /// The names of the columns.
  let heads: [String]
  /// How many of the columns are about inputs; the others are about bars.
  let inputCount: Int
  /// All symbols in order of registration, or the largest first; the last row is the total.
  let rows: [Row]

  private typealias Count = (RunSummary.Counts) -> Int

  /// Counts the symbols of `summary`, at most `most` of them in rows of their own.
  ///
  /// - Complexity: O(symbols log symbols).
  init(_ summary: RunSummary, most: Int) {
    var inputs: [(head: String, count: Count)] = [
      ("received", { $0.ticks.received }), ("accepted", { $0.ticks.accepted }),
    ]
    for reason in RejectReason.allCases where summary.total.ticks[reason] > 0 {
      inputs.append((reason.name, { $0.ticks[reason] }))
    }
    let columns: [(head: String, count: Count)] =
      inputs + [
        ("bars", { $0.bars }), ("missing", { $0.missing }), ("outliers", { $0.outliers }),
        ("features", { $0.features }),
      ]
    heads = columns.map(\.head)
    inputCount = inputs.count
    rows = Self.rows(of: summary, columns.map(\.count), most)
  }

  private static func rows(of summary: RunSummary, _ counts: [Count], _ most: Int) -> [Row] {
    let places = places(in: summary, most: most)
    var rows = places.map { place in
      Row(subject: .symbol(place), cells: counts.map { $0(summary.symbols[place].counts) })
    }
    let total = counts.map { $0(summary.total) }
    let known = counts.map { count in summary.symbols.reduce(0) { $0 + count($1.counts) } }
    if places.count < summary.symbols.count {
      let cells = counts.indices.map { column in
        rows.reduce(known[column]) { $0 - $1.cells[column] }
      }
      rows.append(Row(subject: .more(summary.symbols.count - places.count), cells: cells))
    }
    if total[0] > known[0] {
      rows.append(Row(subject: .none, cells: zip(total, known).map { $0 - $1 }))
    }
    return rows + [Row(subject: .total, cells: total)]
  }

  /// Places of the symbols that have a row: all in order of registration, or the largest first.
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
}
