internal import LoomCore

/// A return of a row that is not what it was.
struct ReturnChange: Equatable {
  let start: Timestamp
  let symbol: SymbolID
  /// What it is now; NaN where it is in no row any more.
  let value: Double

  /// What changes from some rows to others, in order of time, then of symbols.
  static func changes(from before: [ReturnRow], to after: [ReturnRow]) -> [ReturnChange] {
    var changes: [ReturnChange] = []
    var (old, new) = (before[...], after[...])
    while let start = [old.first?.start, new.first?.start].compactMap({ $0 }).min() {
      let was = old.first.flatMap { $0.start == start ? $0 : nil }
      let now = new.first.flatMap { $0.start == start ? $0 : nil }
      if was != nil { old.removeFirst() }
      if now != nil { new.removeFirst() }
      let count = max(was?.returns.count ?? 0, now?.returns.count ?? 0)
      for index in 0..<count {
        let value = now?.value(index) ?? .nan
        if value.bitPattern == (was?.value(index) ?? .nan).bitPattern { continue }
        changes.append(
          ReturnChange(start: start, symbol: SymbolID(rawValue: UInt32(index)), value: value))
      }
    }
    return changes
  }
}

extension ReturnRow {
  /// The return of a symbol; NaN, always with the same bits, where there is none.
  fileprivate func value(_ index: Int) -> Double {
    index < returns.count && !returns[index].isNaN ? returns[index] : .nan
  }
}
