internal import LoomCore
internal import LoomSystem

/// Opens files and decides how each is read.
struct SourceOpener {
  let configuration: ImportConfiguration
  let zone: ZoneRules?
  let limits: ReadingLimits
  let parser: SharedRowParser
  let spill: ByteSourceSpill
  let cancellation: Cancellation?
  /// How lines are read as they come, of standard input or of the socket at a path; nil reads files.
  let live: LiveReading?

  /// Bytes of text looked at to recognise a file.
  private static let headSize = 65_536

  /// Opens one location.
  ///
  /// - Throws: ``ImportError``; of kind `unreadable` where the file is no readable table.
  func open(path: String?, name: String, identifier: SourceID) throws(ImportError) -> FileRows {
    let source = try reading { () throws(ByteSourceError) in
      if let live { return try stream(live, socketPath: path) }
      return try ByteSource(
        path: path, keepsOpen: limits.keepsOpen, bufferSize: limits.packedBytes,
        cancellation: cancellation)
    }
    if live != nil { try Opening.await(source, map: configuration.columns) }
    let head = try head(of: source)
    if let objection = TextCheck.objection(to: head.bytes) {
      throw ImportError(.unreadable, "\(source.path): \(objection)")
    }
    var dialect = try Dialect(head: head, path: source.path, map: configuration.columns)
    source.rewind()
    let probe = try Probe(source: source, dialect: dialect, configuration: configuration)
    source.rewind()
    if let column = dialect.plan[.sequence], !probe.countsIdentifiers,
      isIdentifier(column, dialect)
    {
      dialect.plan[.sequence] = nil
    }
    dialect.notes += probe.notes
    let rule = try probe.timeRule(zone: zone)
    let symbol =
      dialect.plan[.symbol] == nil ? configuration.symbol ?? Self.symbol(ofFile: name) : nil
    return FileRows(
      source: source, dialect: dialect,
      format: RowParser.Format(
        plan: dialect.plan, rule: rule, symbol: symbol, source: identifier),
      decimalMark: probe.decimalMark, limits: limits, parser: parser, isLive: live != nil)
  }

  private func stream(
    _ live: LiveReading, socketPath: String?
  ) throws(ByteSourceError) -> ByteSource {
    let socket = try socketPath.map { path throws(ByteSourceError) in
      try LocalSocket(path: path, reading: live.stream)
    }
    return try ByteSource(socket: socket, reading: live.stream)
  }

  /// Tells the order of the rows and the step of bars, and turns the newest-first around.
  func survey(_ rows: FileRows, _ source: inout Source) throws(ImportError) {
    var survey = try survey(rows)
    if survey.isNewestFirst, rows.isLive {
      source.notes.append(
        "its first rows go back in time; live takes rows as they come, tickloom run reads what is"
          + " newest first from its end")
    } else if survey.isNewestFirst {
      source.isNewestFirst = true
      try rows.reverse(spill: spill)
      survey = try self.survey(rows)
    }
    source.isBars = rows.isBars
    source.notes += rows.notes
    if rows.isBars {
      source.step = configuration.barStep ?? survey.step
      if let doubt = survey.doubt { source.notes.append(doubt) }
    }
    rows.begin(filter: RowFilter(configuration))
  }

  private func survey(_ rows: FileRows) throws(ImportError) -> OrderSurvey {
    var survey = OrderSurvey()
    var chunk = RowChunk()
    var seen = 0
    repeat {
      chunk.clear()
      try rows.fill(&chunk, atLeast: 1)
      seen += chunk.ticks.count
    } while !survey.take(chunk) && !chunk.ticks.isEmpty && seen < ReadingLimits.surveyRows
    rows.rewind()
    return survey
  }

  private func head(of source: ByteSource) throws(ImportError) -> TextHead {
    var bytes: [UInt8] = []
    var isWhole = false
    while bytes.count < Self.headSize, !isWhole {
      isWhole = try reading { () throws(ByteSourceError) in
        try !source.append(Self.headSize - bytes.count, to: &bytes)
      }
    }
    return TextHead(bytes: bytes, isWhole: isWhole)
  }

  // The one name among those of a sequence that may mean something else.
  private func isIdentifier(_ column: Int, _ dialect: Dialect) -> Bool {
    dialect.names.indices.contains(column) && dialect.names[column].lowercased() == "id"
  }

  /// The file's name less `.csv .tsv .txt .gz .zst`, up to its first underscore.
  static func symbol(ofFile name: String) -> String {
    var name = name[...]
    let endings = [".csv", ".tsv", ".txt", ".gz", ".zst"]
    while let ending = endings.first(where: { name.hasSuffix($0) }) {
      name = name.dropLast(ending.count)
    }
    return String(name.prefix { $0 != "_" })
  }
}
