internal import Glibc
internal import LoomCore

/// The latest rows of two symbols: all that an entry of the matrix depends on.
struct EntryRows {
  private(set) var rows: [EntryRow] = []
  /// How many rows with both are not kept, as they weigh nothing.
  private(set) var forgottenJoint = 0
  private(set) var count = 0
  private let estimator: CorrelationEstimator
  /// How long before the newest row others can start and still be replaced.
  private let replaced: Nanoseconds
  private var countToPrune = 1024

  init(_ estimator: CorrelationEstimator, corrections: Corrections) {
    self.estimator = estimator
    replaced = corrections.horizon ?? .zero
  }

  mutating func append(_ start: Timestamp, _ first: Double, _ second: Double) {
    rows.append(EntryRow(start: start, number: count, first, second))
    count += 1
    if rows.count >= countToPrune { prune() }
  }

  /// Takes away the rows from `start` on; nothing that was forgotten started there or later.
  mutating func removeAll(from start: Timestamp) {
    while let last = rows.last, last.start >= start { rows.removeLast() }
    count = rows.last.map { $0.number + 1 } ?? 0
  }

  /// No bar that starts before it is asked for any more.
  var earliest: Timestamp { rows.first?.start ?? .distantPast }

  /// Lets go of rows that the newest do not depend on, whatever is still replaced.
  private mutating func prune() {
    let reach = (rows.last?.start ?? .distantPast) - replaced
    let firstReplaced = rows.firstIndex { $0.start > reach } ?? rows.count
    switch estimator {
    case .rolling(let window): rows.removeFirst(max(0, firstReplaced - window))
    case .exponential(let decay):
      let span = Self.span(decay)
      let newest = rows[..<firstReplaced].last { $0.isJoint }?.number ?? 0
      let last = rows[max(0, firstReplaced - 1)].number
      rows.removeAll { row in
        let isKept = row.number > last - span || (row.isJoint && row.number > newest - span)
        if !isKept, row.isJoint { forgottenJoint += 1 }
        return !isKept
      }
    }
    countToPrune = max(1024, 2 * rows.count)
  }

  /// After so many rows more, one counts less than the rounding of the sum.
  private static func span(_ decay: Double) -> Int {
    Int(min(1e9, (log(1e-24) / log(decay)).rounded(.up)))
  }

  /// Those of the present version, with their weights.
  var weighted: [EntryRow] {
    var (weighted, decay) = (rows, 1.0)
    switch estimator {
    case .rolling(let window): weighted = rows.suffix(window)
    case .exponential(let value): decay = value
    }
    let newest = weighted.last { $0.isJoint }?.number ?? 0
    for place in weighted.indices where weighted[place].isJoint {
      weighted[place].weight = pow(decay, Double(newest - weighted[place].number))
    }
    return weighted
  }
}
