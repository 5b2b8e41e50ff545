internal import LoomCore

/// Which symbols are in the matrix, by column.
///
/// Rolling: at an anchor (a row number divisible by the window) those with a return in the window,
/// in order of registration; after it those, then the ones that came since in order of their first
/// returns. So the columns, like the matrix, are a function of the rows since the last anchor but
/// one. Exponential: all that ever had a return, in order of their first returns.
///
/// The order of two columns decides the bits of a pair only where both have a return in every row
/// of the window. They are in order of registration then: nobody that came after an anchor has a
/// full window before the next one.
struct MatrixColumns: SnapshotState {
  /// The symbol of each column.
  private(set) var symbols: [SymbolID] = []
  /// The column of each symbol that was ever in a row, −1 where it has none.
  private var columns: [Int32] = []
  /// Whether they are in order of registration.
  private(set) var areSorted = true
  /// Whether they are those of the first symbols, so that the beginning of a row is in order.
  private(set) var areFirst = true
  /// One return per column: the row that was entered last, NaN where it has none.
  private(set) var returns: [Double] = []

  /// How many columns there are.
  var count: Int { symbols.count }

  /// Symbols that are known: as many as the longest row has returns.
  var symbolCount: Int { columns.count }

  /// The column of a symbol, if it is in the matrix.
  func column(of symbol: SymbolID) -> Int? {
    guard symbol.index < columns.count, columns[symbol.index] >= 0 else { return nil }
    return Int(columns[symbol.index])
  }

  /// Whether every symbol of a row is known, and in the matrix if it has a return.
  @inline(__always)
  func hold(_ row: ReturnRow) -> Bool {
    areFirst && row.returns.count <= count || holdEach(row)
  }

  @inline(never)
  private func holdEach(_ row: ReturnRow) -> Bool {
    row.returns.count <= symbolCount && newCount(in: row) == 0
  }

  /// How many symbols with a return in a row are not in the matrix.
  func newCount(in row: ReturnRow) -> Int { row.present.count { column(of: $0) == nil } }

  /// Gives the symbols of a row that are new the next columns.
  mutating func append(_ row: ReturnRow) {
    makeRoom(symbolCount: row.returns.count)
    for symbol in row.present { append(symbol) }
    noteOrder()
  }

  /// Gives columns to those that stay, in order of registration.
  ///
  /// - Parameter stays: Whether the symbol of a column stays.
  /// - Returns: The column that each has had.
  mutating func keep(_ stays: [Bool]) -> [UInt32] {
    let sources = symbols.indices.filter { stays[$0] }.sorted { symbols[$0] < symbols[$1] }
    let kept = sources.map { symbols[$0] }
    for symbol in symbols { columns[symbol.index] = -1 }
    symbols.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
    for symbol in kept { append(symbol) }
    noteOrder()
    return sources.map { UInt32($0) }
  }

  /// Puts the returns of a row, all of whose symbols are in the matrix, in order.
  mutating func enter(_ row: ReturnRow) { Self.write(row, columns, to: &returns) }

  // Static, as both arrays are used together. All columns are cleared: that is little beside the
  // pairs that follow.
  private static func write(
    _ row: ReturnRow, _ columns: [Int32], to returns: inout [Double]
  ) {
    var room = returns.mutableSpan
    for column in room.indices { room[column] = .nan }
    let (columns, values, present) = (columns.span, row.returns.span, row.present.span)
    for place in present.indices {
      let symbol = present[place].index
      room[Int(columns[symbol])] = values[symbol]
    }
  }

  /// Appends the returns of a row, all of whose symbols are in the matrix, in order to others.
  func append(_ row: ReturnRow, to block: inout [Double]) {
    let start = block.count
    for _ in symbols { block.append(.nan) }
    for symbol in row.present {
      block[start + Int(columns[symbol.index])] = row.returns[symbol.index]
    }
  }

  /// Has the versions to come list these columns.
  func tell(_ board: inout VersionBoard) { board.arrange(symbols.span, of: symbolCount) }

  private mutating func makeRoom(symbolCount: Int) {
    while columns.count < symbolCount { columns.append(-1) }
  }

  private mutating func append(_ symbol: SymbolID) {
    if columns[symbol.index] >= 0 { return }
    columns[symbol.index] = Int32(symbols.count)
    symbols.append(symbol)
    returns.append(.nan)
  }

  private mutating func noteOrder() {
    areSorted = zip(symbols, symbols.dropFirst()).allSatisfy { $0 < $1 }
    areFirst = symbols.indices.allSatisfy { symbols[$0].index == $0 }
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.values(&symbols)
    try coder.values(&columns)
    if !Coder.isReading { return }
    try coder.require(symbols.count <= Correlation.maximumSymbols, "columns")
    try coder.require(columns.count { $0 >= 0 } == symbols.count, "columns")
    for (column, symbol) in symbols.enumerated() {
      let isThere = symbol.index < columns.count && Int(columns[symbol.index]) == column
      try coder.require(isThere, "columns")
    }
    returns = [Double](repeating: .nan, count: symbols.count)
    noteOrder()
  }
}
