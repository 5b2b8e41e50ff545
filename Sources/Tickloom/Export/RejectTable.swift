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

  /// Writes one input; a time of ``Timestamp/distantPast`` is not known and stays empty.
  mutating func append(
    _ input: SequencedTick, symbol: String, _ reason: RejectReason, source: String, line: Int,
    text: Span<UInt8>
  ) throws(SystemError) {
    writer.text.append(input.sequence)
    writer.text.append(byte: comma)
    if input.tick.time != .distantPast {
      writer.text.append(timeNanoseconds: input.tick.time.nanoseconds)
    }
    writer.text.append(byte: comma)
    writer.text.append(field: symbol)
    writer.text.append(byte: comma)
    writer.text.append(reason.name)
    writer.text.append(byte: comma)
    writer.text.append(field: source)
    writer.text.append(byte: comma)
    writer.text.append(line)
    writer.text.append(byte: comma)
    writer.text.append(field: text)
    try writer.endRow()
  }

  consuming func finish() throws(SystemError) -> OutputFile { try writer.finish() }
}
