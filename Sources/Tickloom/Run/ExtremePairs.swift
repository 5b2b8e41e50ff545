internal import LoomCore
internal import LoomPublishing

/// The pairs of the largest and of the smallest correlations of a version.
struct ExtremePairs {
  /// Two symbols, the one registered first in front, and their ρ.
  struct Entry {
    var correlation: Double
    var first: SymbolID
    var second: SymbolID
  }

  /// Highest first.
  private(set) var highest: [Entry] = []
  /// Lowest first; some may stand in both where there are few.
  private(set) var lowest: [Entry] = []
  private let most: Int

  /// Finds at most `most` of either; ties go to the pair registered first.
  ///
  /// - Complexity: O(n²), n the symbols in the matrix.
  init(of version: borrowing HeldVersion, most: Int) {
    self.most = most
    version.withSymbols { symbols in
      version.withCorrelations { take($0, of: symbols) }
    }
  }

  private mutating func take(_ correlations: Span<Double>, of symbols: Span<SymbolID>) {
    var place = 0
    for row in symbols.indices {
      place += 1
      for column in (row + 1)..<max(row + 1, symbols.count) {
        let correlation = correlations[place]
        place += 1
        if correlation.isNaN { continue }
        let entry = Entry(
          correlation: correlation, first: min(symbols[row], symbols[column]),
          second: max(symbols[row], symbols[column]))
        insert(entry, into: &highest, before: >)
        insert(entry, into: &lowest, before: <)
      }
    }
  }

  private func insert(
    _ entry: Entry, into best: inout [Entry], before: (Double, Double) -> Bool
  ) {
    // Columns are in no order of registration.
    func isBefore(_ other: Entry) -> Bool {
      entry.correlation == other.correlation
        ? (entry.first, entry.second) < (other.first, other.second)
        : before(entry.correlation, other.correlation)
    }
    if best.count == most, !isBefore(best[most - 1]) { return }
    let place = best.firstIndex(where: isBefore) ?? best.count
    best.insert(entry, at: place)
    if best.count > most { best.removeLast() }
  }

  /// The lowest less those that are among the highest.
  var lowestAlone: [Entry] {
    lowest.filter { entry in
      !highest.contains { $0.first == entry.first && $0.second == entry.second }
    }
  }

  /// The strongest of both, largest |ρ| first.
  var strongest: [Entry] {
    let all = (highest + lowestAlone).sorted { left, right in
      let (one, other) = (left.correlation.magnitude, right.correlation.magnitude)
      return one == other ? (left.first, left.second) < (right.first, right.second) : one > other
    }
    return Array(all.prefix(most))
  }
}
