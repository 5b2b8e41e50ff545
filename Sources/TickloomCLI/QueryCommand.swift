internal import LoomSystem
internal import Tickloom

/// `tickloom query`: the rows of a SELECT over a store, on standard output.
struct QueryCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom query STORE "SELECT ..." [options]

      Shows what an SQL query finds in a store that tickloom run --store wrote, or is writing. The \
      store is only read.

      Tables and views, beside those that SELECT name FROM sqlite_schema lists:
        ticks: the inputs: seq, time, symbol, bid, ask, bid_size, ask_size, last, size, venue_seq, \
      flags, reason (empty where accepted); only by name also time_ns, receive_ns, source
        bars_text: the bars, as in bars.csv
        features_text: the features, as in features.csv
        versions_text: time, number and hash of the correlation matrices

      Times are UTC, such as 2024-01-02T14:30:00.000000000Z: text that sorts by time and compares \
      with any beginning of it, such as 2024-01-02T14:30 (with the T); the columns that end in _ns \
      are nanoseconds since 1970. Conditions on symbol, time, time_ns and seq decide what is read \
      at all. In flags 1 is a quote, 2 a trade, 4 a snapshot, 8 a buyer, 16 a seller, 32 a bar.

      Examples:
        tickloom query market.db "SELECT symbol, max(bid) FROM ticks GROUP BY symbol"
        tickloom query market.db "SELECT * FROM ticks WHERE symbol = 'EURUSD' AND
          time >= '2024-01-02T14:30' AND time < '2024-01-02T15:00'" --csv
        tickloom query market.db "SELECT * FROM ticks WHERE reason IS NOT NULL"
      """, options: options)
  static let options = [
    ArgumentOption("csv", help: "Write CSV (RFC 4180), absent values as empty fields."),
    ArgumentOption("json", help: "Write a JSON array with an object a row, each on a line."),
    ArgumentOption("help", help: "Show this help."),
  ]

  /// How rows are shown.
  private enum Form {
    case table, csv, json
  }

  private let path: String
  private let sql: String
  private let form: Form

  init(_ arguments: Arguments) throws(OptionError) {
    guard arguments.inputs.count == 2 else {
      throw OptionError(
        "query takes a store and a query in quotes: "
          + "tickloom query market.db \"SELECT * FROM ticks LIMIT 5\"")
    }
    if arguments.has("csv") && arguments.has("json") {
      throw OptionError("--csv and --json are two forms; give one of them")
    }
    path = arguments.inputs[0]
    sql = arguments.inputs[1]
    form = arguments.has("csv") ? .csv : arguments.has("json") ? .json : .table
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    var query = try StoreQuery(sql, ofStoreAt: path, cancellation: cancellation)
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    switch form {
    case .csv: try writeCSV(of: &query, to: &writer)
    case .json: try writeJSON(of: &query, to: &writer)
    case .table: try writeTable(of: &query, to: &writer)
    }
    try writer.commit()
    return .good
  }

  private func writeCSV(of query: inout StoreQuery, to writer: inout TextWriter) throws {
    let count = query.columns.count
    for column in 0..<count {
      if column > 0 { writer.text.append(byte: UInt8(ascii: ",")) }
      writer.text.append(field: query.columns[column])
    }
    try writer.endRow()
    while try query.next() {
      for column in 0..<count {
        if column > 0 { writer.text.append(byte: UInt8(ascii: ",")) }
        writer.text.append(csv: query[column])
      }
      try writer.endRow()
    }
  }

  private func writeJSON(of query: inout StoreQuery, to writer: inout TextWriter) throws {
    let keys = QueryKeys.distinct(query.columns)
    writer.text.append("[")
    var isFirst = true
    while try query.next() {
      writer.text.append(isFirst ? "\n{" : ",\n{")
      isFirst = false
      for column in keys.indices {
        if column > 0 { writer.text.append(",") }
        writer.text.append(jsonString: keys[column])
        writer.text.append(":")
        writer.text.append(json: query[column])
      }
      writer.text.append(byte: UInt8(ascii: "}"))
      try writer.flushIfFull()
    }
    writer.text.append(isFirst ? "]" : "\n]")
    try writer.endRow()
  }

  private func writeTable(of query: inout StoreQuery, to writer: inout TextWriter) throws {
    var table = QueryTable(columns: query.columns, on: .standardOutput)
    while try query.next() {
      table.add(query.columns.indices.map { query[$0] })
      while let line = table.popLine() {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    table.finish()
    while let line = table.popLine() {
      writer.text.append(line)
      try writer.endRow()
    }
  }
}
