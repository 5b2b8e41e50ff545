internal import LoomCore
internal import LoomPublishing
internal import LoomSystem

/// `correlation_history.csv`: the upper triangle of every K-th version.
struct HistoryTable: ~Copyable {
  private var writer: TextWriter

  init(_ file: consuming OutputFile) throws(SystemError) {
    writer = TextWriter(file)
    writer.text.append("timestamp_utc,version,symbol_a,symbol_b,correlation,n_eff")
    try writer.endRow()
  }

  mutating func append(_ version: CorrelationSnapshot, names: [String]) throws(SystemError) {
    var place = 0
    for first in 0..<version.symbolCount {
      for second in first..<version.symbolCount {
        writer.text.append(timeNanoseconds: version.start.nanoseconds)
        writer.text.append(byte: comma)
        writer.text.append(version.number)
        writer.text.append(byte: comma)
        writer.text.append(field: names[first])
        writer.text.append(byte: comma)
        writer.text.append(field: names[second])
        writer.text.append(byte: comma)
        writer.text.append(version.correlations[place])
        writer.text.append(byte: comma)
        writer.text.append(Int64(version.jointCounts[place]))
        try writer.endRow()
        place += 1
      }
    }
  }

  consuming func finish() throws(SystemError) -> OutputFile { try writer.finish() }
}
