internal import LoomCore
internal import LoomSystem

/// The parser that all files of a reader share, for its memory.
final class SharedRowParser {
  private var parser: RowParser

  init(maxRows: Int) { parser = RowParser(maxRows: maxRows) }

  /// Appends the rows of `block` that are input to `chunk`, in the block's order.
  func parse(
    _ block: RowBlock, format: RowParser.Format, names: TextTable, into chunk: inout RowChunk,
    filter: RowFilter
  ) {
    parser.parse(block, format: format, names: names, into: &chunk, filter: filter)
  }
}

/// Turns blocks of rows into ticks, a column at a time.
struct RowParser {
  /// What a parser needs to know of a file.
  struct Format {
    var plan: ColumnPlan
    var rule: TimeRule
    /// The symbol of all rows; nil where there is a column.
    var symbol: String?
    var source: SourceID
  }

  private var format: Format?
  private var time: TimeColumn
  private var failed: [UInt8]
  private var unusual: [UInt8]
  private var times: [Int64]
  private var states: [TimeState]
  private var symbols: [UInt32]
  private var sequences: [UInt64]
  private var sides: [TickFlags]
  private var bid: [Double], ask: [Double], bidSize: [Double], askSize: [Double]
  private var last: [Double], size: [Double]
  private var open: [Double], high: [Double], low: [Double], close: [Double]
  private var scratch: [UInt8] = []

  init(maxRows: Int) {
    time = TimeColumn(maxRows: maxRows)
    failed = [UInt8](repeating: 0, count: maxRows)
    unusual = failed
    times = [Int64](repeating: 0, count: maxRows)
    states = [TimeState](repeating: .legal, count: maxRows)
    symbols = [UInt32](repeating: 0, count: maxRows)
    sequences = [UInt64](repeating: 0, count: maxRows)
    sides = [TickFlags](repeating: [], count: maxRows)
    let absent = [Double](repeating: .nan, count: maxRows)
    (bid, ask, bidSize, askSize, last, size) = (absent, absent, absent, absent, absent, absent)
    (open, high, low, close) = (absent, absent, absent, absent)
  }

  /// Appends the rows of `block` that are input to `chunk`, in the block's order.
  mutating func parse(
    _ block: RowBlock, format: Format, names: TextTable, into chunk: inout RowChunk,
    filter: RowFilter
  ) {
    if self.format?.source != format.source { clearAbsent(format, names) }
    block.markBroken(&failed)
    parseNumbers(block, plan: format.plan)
    time.parse(
      block, columns: format.plan.time, rule: format.rule, times: &times, states: &states)
    if format.symbol == nil, let column = format.plan[.symbol] {
      block.intern(column: column, in: names, into: &symbols)
    }
    if let column = format.plan[.sequence] { parseSequences(block, column: column) }
    if let column = format.plan[.side] { parseSides(block, column: column) }
    chunk.appendText(of: block)
    let isBar = format.plan.isBars
    for row in 0..<block.rowCount {
      emit(row, isBar: isBar, source: format.source, names: names, into: &chunk, filter: filter)
    }
    chunk.closeBlock()
  }

  /// Makes the columns that a file does not have empty, after another file's rows.
  private mutating func clearAbsent(_ format: Format, _ names: TextTable) {
    self.format = format
    func clear<Value>(_ role: ColumnRole, _ values: inout [Value], _ absent: Value) {
      if format.plan[role] != nil { return }
      for row in values.indices { values[row] = absent }
    }
    clear(.bid, &bid, .nan)
    clear(.ask, &ask, .nan)
    clear(.bidSize, &bidSize, .nan)
    clear(.askSize, &askSize, .nan)
    clear(.last, &last, .nan)
    clear(.size, &size, .nan)
    clear(.open, &open, .nan)
    clear(.high, &high, .nan)
    clear(.low, &low, .nan)
    clear(.close, &close, .nan)
    clear(.sequence, &sequences, 0)
    clear(.side, &sides, [])
    guard let symbol = format.symbol else { return }
    let fixed = names.index(of: Array(symbol.utf8))
    for row in symbols.indices { symbols[row] = fixed }
  }

  private mutating func parseNumbers(_ block: RowBlock, plan: ColumnPlan) {
    func parse(_ role: ColumnRole, _ values: inout [Double], _ failed: inout [UInt8]) {
      if let column = plan[role] {
        block.parseNumbers(column: column, into: &values, failed: &failed)
      }
    }
    parse(.bid, &bid, &failed)
    parse(.ask, &ask, &failed)
    parse(.bidSize, &bidSize, &failed)
    parse(.askSize, &askSize, &failed)
    parse(.last, &last, &failed)
    parse(.size, &size, &failed)
    parse(.open, &open, &failed)
    parse(.high, &high, &failed)
    parse(.low, &low, &failed)
    parse(.close, &close, &failed)
  }

  private mutating func parseSequences(_ block: RowBlock, column: Int) {
    block.parseWholeNumbers(column: column, into: &sequences, unusual: &unusual)
    for row in 0..<block.rowCount where unusual[row] != 0 {
      scratch.removeAll(keepingCapacity: true)
      block.appendField(row: row, column: column, to: &scratch)
      let text = scratch.trimmedText ?? "?"
      if let value = UInt64(text), text.first != "+" {
        sequences[row] = value
      } else {
        sequences[row] = 0
        if NumberText.parse(scratch) != .absent { failed[row] |= 1 }
      }
    }
  }

  private mutating func parseSides(_ block: RowBlock, column: Int) {
    for row in 0..<block.rowCount {
      scratch.removeAll(keepingCapacity: true)
      block.appendField(row: row, column: column, to: &scratch)
      sides[row] = SideText.flags(scratch)
    }
  }

  @inline(__always)
  private mutating func emit(
    _ row: Int, isBar: Bool, source: SourceID, names: TextTable, into chunk: inout RowChunk,
    filter: RowFilter
  ) {
    let symbol = symbols[row]
    let state = states[row]
    var flags: TickFlags = []
    if failed[row] != 0 || state == .malformed || symbol == TextTable.illegal {
      flags = TickFlags(refusal: .malformed)
    } else if symbol == TextTable.empty {
      flags = TickFlags(refusal: .unknownSymbol)
    } else if state == .early || state == .late {
      flags = TickFlags(refusal: .invalidTime)
    }
    if isBar, flags.refusal != .malformed, open[row].isNaN, high[row].isNaN, low[row].isNaN,
      close[row].isNaN
    {
      return
    }
    guard filter.takes(time: times[row], state: state, symbol: symbol, names: names) else { return }
    let identifier = SymbolID(rawValue: symbol >= TextTable.illegal ? .max : symbol)
    var tick: Tick
    if isBar {
      tick = Tick(
        barStart: Timestamp(nanoseconds: times[row]), symbol: identifier, open: open[row],
        high: high[row], low: low[row], close: close[row], volume: size[row],
        venueSequence: sequences[row], source: source)
      tick.flags.formUnion(flags)
    } else {
      if !bid[row].isNaN || !ask[row].isNaN { flags.formUnion(.quote) }
      if !last[row].isNaN { flags.formUnion(.trade) }
      flags.formUnion(sides[row])
      tick = Tick(
        time: Timestamp(nanoseconds: times[row]), symbol: identifier, bid: bid[row],
        ask: ask[row], bidSize: bidSize[row], askSize: askSize[row], last: last[row],
        lastSize: size[row], venueSequence: sequences[row], source: source, flags: flags)
    }
    chunk.append(tick, row: row, second: state == .twofold ? time.second(row) : nil)
  }
}
