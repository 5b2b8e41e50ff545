internal import LoomCore
internal import LoomSystem

/// A CSV file whose rows come per symbol in order of time and leave by time, then symbol name.
///
/// Rows wait in a spool until their time is final; its memory is bounded.
struct TimeOrderedTable: ~Copyable {
  private var spool: SortedSpool
  private var output: SlotWriter

  init(_ file: consuming OutputFile, header: String, spoolFolder: String) throws(SystemError) {
    spool = SortedSpool(memoryLimitBytes: 8 << 20, temporaryFolder: spoolFolder)
    output = try SlotWriter(file, header: header)
  }

  /// Takes a row without its line feed.
  mutating func append(
    _ time: Timestamp, _ symbol: SymbolID, _ row: borrowing TextBuffer
  ) throws(SystemError) {
    try spool.append(time: time.nanoseconds, order: UInt64(symbol.rawValue), row)
  }

  /// Writes the rows that start before `frontier`; no earlier row may follow.
  mutating func drain(below frontier: Timestamp, _ names: NameOrder) throws(SystemError) {
    try spool.drain(below: frontier.nanoseconds) { (time, order, record) throws(SystemError) in
      try output.add(time, symbol: Int(order), record, names)
    }
  }

  /// Writes every row left and gives the file back, to be committed.
  consuming func finish(
    _ names: NameOrder, _ cancellation: Cancellation
  ) throws(SystemError) -> OutputFile {
    try Self.write(try spool.finish(), to: output, names, cancellation)
  }

  private static func write(
    _ rest: consuming SortedRecords, to output: consuming SlotWriter, _ names: NameOrder,
    _ cancellation: Cancellation
  ) throws(SystemError) -> OutputFile {
    while try rest.next() {
      if cancellation.isRequested { throw .cancelled }
      let (time, symbol) = (rest.time, Int(rest.order))
      try rest.withRecord { (record) throws(SystemError) in
        try output.add(time, symbol: symbol, record, names)
      }
    }
    return try output.finish(names)
  }
}

/// Collects the rows of one time and writes them in byte order of their symbols' names.
private struct SlotWriter: ~Copyable {
  private var writer: TextWriter
  private var time = Int64.min
  private var text = TextBuffer(capacity: 64 << 10)
  private var rows: [(symbol: Int, range: Range<Int>)] = []

  init(_ file: consuming OutputFile, header: String) throws(SystemError) {
    writer = TextWriter(file)
    writer.text.append(header)
    try writer.endRow()
  }

  mutating func add(
    _ time: Int64, symbol: Int, _ row: Span<UInt8>, _ names: NameOrder
  ) throws(SystemError) {
    if time != self.time { try flush(names) }
    self.time = time
    let start = text.count
    text.append(row)
    rows.append((symbol, start..<text.count))
  }

  private mutating func flush(_ names: NameOrder) throws(SystemError) {
    if rows.count > 1 { rows.sort { names.ranks[$0.symbol] < names.ranks[$1.symbol] } }
    for index in rows.indices {
      let range = rows[index].range
      text.withBytes { writer.text.append($0.extracting(range)) }
      try writer.endRow()
    }
    rows.removeAll(keepingCapacity: true)
    text.removeAll()
  }

  consuming func finish(_ names: NameOrder) throws(SystemError) -> OutputFile {
    try flush(names)
    return try writer.finish()
  }
}
