internal import LoomCore
internal import LoomSystem

/// `bars.csv`: every clean bar, and a row for each slot of a short gap.
struct BarTable: ~Copyable {
  static let header =
    "timestamp_utc,symbol,timeframe,open,high,low,close,volume,log_return_1,spread_estimate,"
    + "is_missing,is_outlier,valid_bar,source_id,schema_version,tick_count,vwap,gap_slots,"
    + "first_seq,last_seq,revision"
  /// Rises when a column changes.
  static let schemaVersion = 1

  private var table: TimeOrderedTable
  private var row = TextBuffer()
  private let timeframe: Timeframe
  private let timeframeName: String
  private let missingRows: Int64

  init(
    _ file: consuming OutputFile, timeframe: Timeframe, missingRows: Int64, spoolFolder: String
  ) throws(SystemError) {
    table = try TimeOrderedTable(file, header: Self.header, spoolFolder: spoolFolder)
    self.timeframe = timeframe
    self.missingRows = missingRows
    timeframeName = timeframe.description
  }

  /// Takes bars in order of time per symbol.
  mutating func append(_ bars: Span<CleanBar>, _ labels: Labels) throws(SystemError) {
    for index in bars.indices {
      let clean = bars[index]
      if clean.bar.gapSlots > 0, clean.bar.gapSlots <= missingRows {
        try appendMissing(before: clean, labels)
      }
      row.removeAll()
      format(clean, labels)
      try table.append(clean.bar.start, clean.bar.symbol, row)
    }
  }

  private mutating func appendMissing(
    before next: CleanBar, _ labels: Labels
  ) throws(SystemError) {
    var missing = CleanBar(
      bar: Bar(
        start: next.bar.start, symbol: next.bar.symbol, source: next.bar.source, open: .nan,
        high: .nan, low: .nan, close: .nan, tickCount: 0), flags: .missing)
    missing.bar.start = next.previousStart(timeframe)
    for _ in 0..<next.bar.gapSlots {
      missing.bar.start = missing.bar.start + timeframe.span
      row.removeAll()
      format(missing, labels)
      try table.append(missing.bar.start, missing.bar.symbol, row)
    }
  }

  /// Writes the rows that no later bar can precede any more once the market clock is `clock`.
  mutating func drain(through clock: Timestamp, _ names: NameOrder) throws(SystemError) {
    // A bar still to come ends after the clock; the rows of its gap lie before it.
    let (reach, overflow) = timeframe.span.count.multipliedReportingOverflow(by: missingRows + 1)
    if overflow || clock == .distantPast { return }
    try table.drain(below: clock - Nanoseconds(min(reach, .max / 8)), names)
  }

  consuming func finish(
    _ names: NameOrder, _ cancellation: Cancellation
  ) throws(SystemError) -> OutputFile {
    try table.finish(names, cancellation)
  }

  private mutating func format(_ clean: CleanBar, _ labels: Labels) {
    let bar = clean.bar
    row.append(timeNanoseconds: bar.start.nanoseconds)
    row.append(byte: comma)
    row.append(field: labels.symbols[bar.symbol.index])
    row.append(byte: comma)
    row.append(timeframeName)
    cell(bar.open)
    cell(bar.high)
    cell(bar.low)
    cell(bar.close)
    cell(bar.volume)
    cell(clean.logReturn)
    cell(bar.spreadEstimate)
    cell(clean.flags.contains(.missing))
    cell(clean.flags.contains(.outlier))
    cell(clean.flags.contains(.valid))
    row.append(byte: comma)
    row.append(field: labels.sources[bar.source.index])
    cell(Int64(Self.schemaVersion))
    cell(bar.tickCount)
    cell(bar.vwap)
    cell(bar.gapSlots)
    cell(Int64(bar.firstSequence))
    cell(Int64(bar.lastSequence))
    cell(Int64(bar.revision))
  }

  private mutating func cell(_ value: Double) {
    row.append(byte: comma)
    row.append(value)
  }

  private mutating func cell(_ value: Int64) {
    row.append(byte: comma)
    row.append(value)
  }

  private mutating func cell(_ value: Bool) {
    row.append(byte: comma)
    row.append(value)
  }
}

let comma = UInt8(ascii: ",")

/// The texts that exports show for identifiers.
struct Labels {
  /// By ``SymbolID``.
  var symbols: [String]
  /// By ``SourceID``.
  var sources: [String]
}
