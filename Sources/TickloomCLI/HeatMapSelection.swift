internal import Tickloom

/// Which symbols a heat map shows where it has no room for all, in order of registration.
struct HeatMapSelection {
  /// The symbols shown.
  let symbols: [SymbolID]
  /// How many there are.
  let total: Int

  /// Takes those with the largest mean |ρ| to the others; all of them where there is room.
  ///
  /// - Complexity: O(symbols²).
  init(_ snapshot: CorrelationSnapshot, most: Int) {
    let count = snapshot.symbolCount
    total = count
    let all = (0..<count).map { SymbolID(rawValue: UInt32($0)) }
    guard count > most else {
      symbols = all
      return
    }
    let strengths = all.map { Self.strength(of: $0, in: snapshot) }
    // Ties go to the symbol registered first: the choice may not depend on the sort.
    let ranked = all.sorted { first, second in
      let (left, right) = (strengths[first.index], strengths[second.index])
      return left == right ? first < second : left > right
    }
    symbols = ranked.prefix(most).sorted()
  }

  /// Whether every symbol is shown.
  var isComplete: Bool { symbols.count == total }

  /// Mean |ρ| over the other symbols with which it is defined; −1 where there is none.
  private static func strength(of symbol: SymbolID, in snapshot: CorrelationSnapshot) -> Double {
    var sum = 0.0
    var count = 0
    for other in 0..<UInt32(snapshot.symbolCount) where other != symbol.rawValue {
      let correlation = snapshot[symbol, SymbolID(rawValue: other)]
      if correlation.isNaN { continue }
      sum += correlation.magnitude
      count += 1
    }
    return count == 0 ? -1 : sum / Double(count)
  }
}
