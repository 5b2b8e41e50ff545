internal import LoomCore
internal import LoomSystem

/// `rejects.csv`: every refused input in the order taken.
struct RejectTable: ~Copyable {
  private var writer: TextWriter

  init(_ file: consuming OutputFile) throws(SystemError) {
    writer = TextWriter(file)
    writer.text.append("seq,timestamp_utc,symbol,reason,source_id,line,text")
    try writer.endRow()
  }

  /// Writes rows made by ``format(_:symbol:_:source:line:text:into:)``.
  mutating func append(_ rows: borrowing TextBuffer) throws(SystemError) {
    try rows.withBytes { (bytes) throws(SystemError) in try writer.write(bytes) }
  }

  /// Appends the row of one input to `rows`; a time of ``Timestamp/distantPast`` is not known and
  /// stays empty.
  static func format(
    _ input: SequencedTick, symbol: String, _ reason: RejectReason, source: String, line: Int,
    text: Span<UInt8>, into rows: inout TextBuffer
  ) {
    rows.append(input.sequence)
    rows.append(byte: comma)
    if input.tick.time != .distantPast {
      rows.append(timeNanoseconds: input.tick.time.nanoseconds)
    }
    rows.append(byte: comma)
    rows.append(field: symbol)
    rows.append(byte: comma)
    rows.append(reason.name)
    rows.append(byte: comma)
    rows.append(field: source)
    rows.append(byte: comma)
    rows.append(line)
    rows.append(byte: comma)
    rows.append(field: text)
    rows.append(byte: UInt8(ascii: "\n"))
  }

  consuming func finish() throws(SystemError) -> OutputFile { try writer.finish() }
}
