internal import LoomCore
internal import LoomSystem

/// The rows of one file in reading order, some hundred at a time.
final class FileCursor {
  let source: ByteSource
  private let dialect: Dialect
  private let format: RowParser.Format
  private let filter: RowFilter
  private let layout: RowLayout
  private let maxRows: Int
  private let bufferSize: Int
  private var block: RowBlock?
  private var parser: RowParser

  /// The rows delivered last.
  var chunk = RowChunk()
  /// The next row of the chunk.
  var next = 0

  init(
    source: ByteSource, dialect: Dialect, format: RowParser.Format, filter: RowFilter,
    decimalMark: UInt8, maxRows: Int, bufferSize: Int
  ) {
    self.source = source
    self.dialect = dialect
    self.format = format
    self.filter = filter
    self.maxRows = maxRows
    self.bufferSize = bufferSize
    layout = RowLayout(
      delimiter: dialect.delimiter, width: dialect.width, rowEnd: dialect.rowEnd,
      decimalMark: decimalMark)
    parser = RowParser(format: format, maxRows: maxRows)
  }

  /// The file's symbols; a tick of its chunk names a place in it.
  var names: TextTable { parser.names }

  /// Whether its rows are bars.
  var isBars: Bool { dialect.plan.isBars }
  /// When the next row of the chunk is, in nanoseconds since 1970.
  var nextKey: Int64 { chunk.ticks[next].tick.time.nanoseconds }

  /// Reads on until at least one row or `count` rows are there; false at the end.
  func fill(atLeast count: Int = 1) throws(ImportError) -> Bool {
    chunk.clear()
    next = 0
    let block = try openBlock()
    while chunk.ticks.count < count {
      let hasRows = try reading { () throws(ByteSourceError) in try block.next(from: source) }
      if !hasRows { break }
      parser.parse(block, into: &chunk, filter: filter)
    }
    return !chunk.ticks.isEmpty
  }

  /// Starts again at the first row.
  func rewind() {
    source.rewind()
    block = nil
    chunk.clear()
    next = 0
  }

  private func openBlock() throws(ImportError) -> RowBlock {
    if let block { return block }
    try reading { () throws(ByteSourceError) in try source.skip(dialect.dataOffset) }
    let opened = RowBlock(
      layout: layout, maxRows: maxRows, bufferSize: bufferSize, firstLine: dialect.dataLine)
    block = opened
    return opened
  }
}
