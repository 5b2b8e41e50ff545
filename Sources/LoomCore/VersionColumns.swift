/// Which symbols the matrices of a ``VersionBoard`` have, by column.
struct VersionColumns {
  private var symbols: [SymbolID] = []
  /// Where they stand in a record.
  private(set) var layout = VersionLayout(columnCount: 0, symbolCount: 0)
  /// Counts the changes: records with the same number list the same symbols.
  private(set) var arrangement: UInt64 = 0
  private var isAll = false

  mutating func set(_ columns: Span<SymbolID>, of symbolCount: Int) {
    symbols.removeAll(keepingCapacity: true)
    for column in columns.indices {
      let symbol = columns[column]
      precondition(symbol.index < symbolCount, "symbol \(symbol.index) of \(symbolCount)")
      symbols.append(symbol)
    }
    layout = VersionLayout(columnCount: symbols.count, symbolCount: symbolCount)
    isAll = false
    arrangement += 1
  }

  /// All symbols, each in the column of its place.
  mutating func setAll(_ symbolCount: Int) {
    if isAll, symbolCount == layout.symbolCount { return }
    let all = (0..<symbolCount).map { SymbolID(rawValue: UInt32($0)) }
    set(all.span, of: symbolCount)
    isAll = true
  }

  /// Writes the symbol of each column, and the column of each symbol, −1 where it has none.
  func write(symbols list: inout MutableSpan<SymbolID>, columns: inout MutableSpan<Int32>) {
    for symbol in columns.indices { columns[symbol] = -1 }
    for column in list.indices {
      list[column] = symbols[column]
      columns[symbols[column].index] = Int32(column)
    }
  }
}
