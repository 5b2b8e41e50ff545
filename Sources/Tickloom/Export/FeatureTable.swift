internal import LoomCore
internal import LoomSystem

/// `features.csv`: one row per valid bar.
struct FeatureTable: ~Copyable {
  private var table: TimeOrderedTable
  private var row = TextBuffer()

  init(
    _ file: consuming OutputFile, names: [String], spoolFolder: String
  ) throws(SystemError) {
    let header = (["timestamp_utc", "symbol"] + names).joined(separator: ",")
    table = try TimeOrderedTable(file, header: header, spoolFolder: spoolFolder)
  }

  mutating func append(_ rows: Span<FeatureRow>, _ labels: Labels) throws(SystemError) {
    for index in rows.indices {
      row.removeAll()
      row.append(timeNanoseconds: rows[index].start.nanoseconds)
      row.append(byte: comma)
      row.append(field: labels.symbols[rows[index].symbol.index])
      append(rows[index])
      try table.append(rows[index].start, rows[index].symbol, row)
    }
  }

  private mutating func append(_ features: borrowing FeatureRow) {
    // Through a span: reading an element by itself copies all 64.
    let values = features.values.span
    for place in 0..<Int(features.count) {
      row.append(byte: comma)
      row.append(values[place])
    }
  }

  /// Writes the rows of slots that are final once the market clock is `clock`.
  mutating func drain(
    through clock: Timestamp, _ timeframe: Timeframe, _ names: NameOrder
  ) throws(SystemError) {
    if clock == .distantPast { return }
    try table.drain(below: clock - timeframe.span, names)
  }

  consuming func finish(
    _ names: NameOrder, _ cancellation: Cancellation
  ) throws(SystemError) -> OutputFile {
    try table.finish(names, cancellation)
  }
}
