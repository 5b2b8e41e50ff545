internal import LoomCore
internal import LoomSystem

/// The rows of one file in reading order.
final class FileRows: RowProducer {
  private let source: ByteSource
  private let dialect: Dialect
  private let format: RowParser.Format
  private let layout: RowLayout
  private let limits: ReadingLimits
  private let parser: SharedRowParser
  private let names = TextTable()
  private var block: RowBlock?
  // Of a file that is newest first: the blocks still to be read, the last one first.
  private var places: [RowBlock.Place]?
  private var placesLeft = 0
  private var twofold = TwofoldTimes()

  /// Whether rows are handed over as they come: at most a block at once, none where none is there.
  let isLive: Bool
  private(set) var isAtEnd = false

  private var filter = RowFilter()
  private var isBegun = false

  init(
    source: ByteSource, dialect: Dialect, format: RowParser.Format, decimalMark: UInt8,
    limits: ReadingLimits, parser: SharedRowParser, isLive: Bool
  ) {
    self.isLive = isLive
    self.source = source
    self.dialect = dialect
    self.format = format
    self.limits = limits
    self.parser = parser
    layout = RowLayout(
      delimiter: dialect.delimiter, width: dialect.width, kept: dialect.plan.lastColumn + 1,
      rowEnd: dialect.rowEnd, decimalMark: decimalMark)
  }

  /// Whether its rows are bars.
  var isBars: Bool { dialect.plan.isBars }

  /// What a user should know about how it is read.
  var notes: [String] { dialect.notes }

  func name(ofSymbol place: Int) -> String { names.texts[place] }

  var canRest: Bool { source.isSeekable }

  var memoryBytes: Int { source.isDirect ? 0 : source.unpackingBytes }

  var waitedNanoseconds: Int64 { source.waitedNanoseconds }

  var bytesRead: Int64 { source.bytesRead }

  var bytesTotal: Int64? { source.size }

  func fill(_ chunk: inout RowChunk, atLeast count: Int) throws(ImportError) {
    while !isAtEnd, chunk.ticks.count < count || twofold.isOpen {
      let first = chunk.ticks.count
      let block = try openBlock()
      let hasRows = try reading { () throws(ByteSourceError) in
        try places == nil ? block.next(from: source) : nextPlace(block)
      }
      if hasRows {
        parser.parse(block, format: format, names: names, into: &chunk, filter: filter)
        if places != nil { chunk.reverse(from: first) }
      } else {
        isAtEnd = !source.isQuiet
      }
      if twofold.isOpen || !chunk.twofold.isEmpty {
        twofold.settle(&chunk, from: first, isAtEnd: isAtEnd)
      }
      if isLive, isBegun, !twofold.isOpen { return }
    }
  }

  func rest() {
    source.rewind()
    source.rest()
    start()
  }

  func finish() {
    block = nil
    isAtEnd = true
    source.rest()
  }

  /// Ends the looking ahead: from here on only rows that `filter` takes are delivered.
  func begin(filter: RowFilter) {
    rewind()
    self.filter = filter
    isBegun = true
  }

  /// Starts again at the first row.
  func rewind() {
    source.rewind()
    start()
  }

  private func start() {
    block = nil
    isAtEnd = false
    placesLeft = places?.count ?? 0
    twofold = TwofoldTimes()
  }

  func unpack(into spill: ByteSourceSpill) throws(ImportError) {
    if source.isDirect { return }
    try reading { () throws(ByteSourceError) in try source.unpack(into: spill) }
  }

  /// From here on the last row of the file is the first.
  func reverse(spill: ByteSourceSpill) throws(ImportError) {
    rewind()
    try unpack(into: spill)
    let block = try openBlock()
    var places: [RowBlock.Place] = []
    try reading { () throws(ByteSourceError) in
      while try block.next(from: source) { places.append(block.place) }
    }
    self.places = places
    rewind()
  }

  private func nextPlace(_ block: RowBlock) throws(ByteSourceError) -> Bool {
    guard let places, placesLeft > 0 else { return false }
    placesLeft -= 1
    try block.load(places[placesLeft], from: source)
    return true
  }

  private func openBlock() throws(ImportError) -> RowBlock {
    if let block { return block }
    if places == nil {
      try reading { () throws(ByteSourceError) in
        if isBegun { try source.commit() }
        try source.skip(dialect.dataOffset)
      }
    }
    let opened = RowBlock(
      layout: layout, maxRows: limits.blockRows(ofFields: layout.kept),
      bufferSize: limits.bufferBytes,
      firstLine: dialect.dataLine, textOffset: Int64(dialect.dataOffset))
    block = opened
    return opened
  }
}
