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
  /// - Complexity: O(symbols²).
  init(of version: borrowing HeldVersion, most: Int) {
    self.most = most
    let count = version.symbolCount
    version.withCorrelations { take($0, symbolCount: count) }
  }

  private mutating func take(_ correlations: Span<Double>, symbolCount: Int) {
    var place = 0
    for first in 0..<symbolCount {
      place += 1
      for second in (first + 1)..<max(first + 1, symbolCount) {
        let correlation = correlations[place]
        place += 1
        if correlation.isNaN { continue }
        let entry = Entry(
          correlation: correlation, first: SymbolID(rawValue: UInt32(first)),
          second: SymbolID(rawValue: UInt32(second)))
        insert(entry, into: &highest, before: >)
        insert(entry, into: &lowest, before: <)
      }
    }
  }

  private func insert(
    _ entry: Entry, into best: inout [Entry], before: (Double, Double) -> Bool
  ) {
    if best.count == most, !before(entry.correlation, best[most - 1].correlation) { return }
    let place = best.firstIndex { before(entry.correlation, $0.correlation) } ?? best.count
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
