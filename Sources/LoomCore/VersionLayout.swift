/// Where the parts of a version stand in its record: header, correlations, joint counts, the symbol
/// of each column, the column of each symbol, and the starts of the bars it corrects.
struct VersionLayout {
  /// From a cache line of their own on.
  static let correlations = 128

  let columnCount: Int
  let symbolCount: Int
  let pairCount: Int
  let jointCounts: Int
  let symbols: Int
  let columns: Int
  let byteCount: Int

  init(columnCount: Int, symbolCount: Int) {
    self.columnCount = columnCount
    self.symbolCount = symbolCount
    pairCount = columnCount * (columnCount + 1) / 2
    jointCounts = Self.correlations + 8 * pairCount
    symbols = jointCounts + 4 * pairCount
    columns = symbols + 4 * columnCount
    byteCount = columns + 4 * symbolCount
  }

  /// From the next multiple of eight on; a version that corrects nothing ends before it.
  var corrected: Int { (byteCount + 7) & ~7 }
}
