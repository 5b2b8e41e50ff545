/// Some hundred rows of a text at a time, cut into fields, with column-wise parsers.
///
/// The caller asks for the next rows, then for whole columns of them; nothing is copied and, after
/// the first blocks, nothing allocated. A row is *broken* when it has fewer fields than the layout,
/// or more that are not empty, or is longer than ``longestRow``. Blank lines are skipped.
/// One thread at a time.
@safe
public final class RowBlock {
  /// The longest row that is kept: beyond it a row is broken and only its start is seen.
  public static let longestRow = 1 << 20

  /// The fields' order and separators.
  public let layout: RowLayout
  /// How many rows the block holds now.
  public internal(set) var rowCount = 0

  struct Row {
    var start: UInt32
    var end: UInt32
    var line: Int
  }

  /// Bytes read beyond the text by the kernels' wide loads.
  static let padding = 64

  let maxRows: Int
  var base: UnsafeMutablePointer<UInt8>
  var capacity: Int
  var filled = 0
  var used = 0
  var line: Int
  var isAtEnd = false
  var isSkipping = false
  let rows: UnsafeMutablePointer<Row>
  let broken: UnsafeMutablePointer<UInt8>
  // Start in the low half, end in the high half; bit 31 marks doubled quotes inside.
  let bounds: UnsafeMutablePointer<UInt64>

  /// Where in the text the byte after the last row of the block stands.
  public internal(set) var textOffset: Int64

  /// Creates an empty block.
  ///
  /// - Parameters:
  ///   - layout: How rows are cut.
  ///   - maxRows: Most rows at once.
  ///   - bufferSize: Bytes read at once; grows with longer rows.
  ///   - firstLine: The line number of the first row, usually 1 or after the header.
  ///   - textOffset: Where in the text the first row starts.
  public init(
    layout: RowLayout, maxRows: Int, bufferSize: Int, firstLine: Int, textOffset: Int64 = 0
  ) {
    precondition(maxRows > 0 && bufferSize > 0 && bufferSize <= Self.longestRow, "an empty block")
    self.layout = layout
    self.maxRows = maxRows
    line = firstLine
    self.textOffset = textOffset
    capacity = bufferSize
    unsafe base = .allocate(capacity: capacity + Self.padding)
    unsafe base.initialize(repeating: 0, count: capacity + Self.padding)
    unsafe rows = .allocate(capacity: maxRows)
    unsafe broken = .allocate(capacity: maxRows)
    unsafe bounds = .allocate(capacity: maxRows * layout.kept)
  }

  deinit {
    unsafe base.deallocate()
    unsafe rows.deallocate()
    unsafe broken.deallocate()
    unsafe bounds.deallocate()
  }

  /// Cuts the next rows of `source`; false when there are none left, or, of a stream that is quiet,
  /// none now.
  ///
  /// - Throws: ``ByteSourceError``; the rows before the damage were delivered before.
  public func next(from source: ByteSource) throws(ByteSourceError) -> Bool {
    while true {
      if isSkipping { skipToRowEnd() }
      split()
      if rowCount > 0 { return true }
      if isAtEnd { return false }
      if filled - used >= Self.longestRow {
        cutLongRow()
        return true
      }
      try refill(from: source)
      if source.isQuiet { return false }
    }
  }

  /// The line on which a row starts, from 1.
  public func line(of row: Int) -> Int {
    precondition(row < rowCount, "row \(row) of \(rowCount)")
    return unsafe rows[row].line
  }

  /// Where the rows of the block stand in the text.
  public struct Place: Sendable {
    var offset: Int64
    var count: Int
    var line: Int
  }

  /// Where the rows of the block stand; it must hold some.
  public var place: Place {
    precondition(rowCount > 0, "no rows")
    let count = unsafe used - Int(rows[0].start)
    return unsafe Place(offset: textOffset - Int64(count), count: count, line: rows[0].line)
  }

  /// Cuts the rows of a place again, in any order of places.
  ///
  /// - Throws: ``ByteSourceError``.
  public func load(_ place: Place, from source: ByteSource) throws(ByteSourceError) {
    while capacity < min(place.count, Self.longestRow) { grow() }
    let room = unsafe UnsafeMutableRawBufferPointer(
      start: base, count: min(place.count, capacity))
    filled = unsafe try source.read(at: place.offset, into: room)
    used = 0
    line = place.line
    isAtEnd = true
    endLastRow()
    split()
  }

  // Moves what is left to the front and reads behind it.
  private func refill(from source: ByteSource) throws(ByteSourceError) {
    let rest = filled - used
    if used > 0 { unsafe base.update(from: base + used, count: rest) }
    (filled, used) = (rest, 0)
    if filled == capacity { grow() }
    let room = unsafe UnsafeMutableRawBufferPointer(
      start: base + filled, count: capacity - filled)
    let count = unsafe try source.read(into: room)
    filled += count
    if count > 0 || source.isQuiet { return }
    isAtEnd = true
    if source.isCutShort { dropLastLine() } else { endLastRow() }
  }

  // Nobody knows what was to follow of a line that was being written when the end was asked for.
  private func dropLastLine() {
    while filled > 0, unsafe base[filled - 1] != layout.rowEnd { filled -= 1 }
  }

  // A last row without its end is a row all the same; the padding has room for the byte.
  private func endLastRow() {
    if filled > 0, unsafe base[filled - 1] != layout.rowEnd {
      unsafe base[filled] = layout.rowEnd
      filled += 1
    }
  }

  private func grow() {
    let larger = min(capacity * 2, Self.longestRow)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
    unsafe memory.initialize(repeating: 0, count: larger + Self.padding)
    unsafe memory.update(from: base, count: filled)
    unsafe base.deallocate()
    unsafe base = memory
    capacity = larger
  }

  // The start of a row that never ends becomes a broken row; the rest of it is skipped.
  private func cutLongRow() {
    unsafe rows[0] = Row(start: UInt32(used), end: UInt32(filled), line: line)
    unsafe broken[0] = 1
    for column in 0..<layout.kept { unsafe bounds[column] = 0 }
    rowCount = 1
    textOffset += Int64(filled - used)
    used = filled
    isSkipping = true
  }

  private func skipToRowEnd() {
    var index = used
    while index < filled, unsafe base[index] != layout.rowEnd { index += 1 }
    let isFound = index < filled
    if isFound { index += 1 }
    textOffset += Int64(index - used)
    used = index
    if isFound || isAtEnd {
      isSkipping = false
      line += 1
    }
  }
}
