internal import LoomSystem
internal import Tickloom

extension RunConfiguration {
  /// What the command line of `run` asks for.
  init(_ arguments: Arguments) throws {
    try arguments.refuseEmptyValues(RunOptions.all)
    let inputs = try arguments.inputs.map(InputLocation.init(commandLine:))
    try self.init(inputs: inputs, arguments)
  }

  /// What the command line of `live` asks for.
  init(live arguments: Arguments) throws {
    try arguments.refuseEmptyValues(LiveOptions.accepted)
    for (option, reason) in LiveOptions.refused.sorted(by: <) where arguments.has(option) {
      throw OptionError("--\(option) has no meaning for live: \(reason)")
    }
    try self.init(inputs: [InputLocation(live: arguments.inputs)], arguments)
    let expected = "data or wall"
    clock = try arguments.parse("clock", expected) { LiveClock(rawValue: $0) } ?? .data
  }

  /// What the command line of `replay` asks for.
  init(replay arguments: Arguments) throws {
    try arguments.refuseEmptyValues(ReplayOptions.all)
    guard let store = arguments.inputs.first, arguments.inputs.count == 1 else {
      throw OptionError("give the one store to replay, as in tickloom replay run.db")
    }
    try self.init(replaying: store)
    temporaryFolder = Environment.temporaryFolder
    diagnostics = try DiagnosticConfiguration(arguments)
    importing = try ImportConfiguration(replay: arguments)
    replaySpeed =
      try arguments.parse("speed", "max, step, or a number and x such as 1x or 10x") {
        ReplaySpeed($0)
      } ?? .maximum
    try takeOutput(arguments)
    if storePath != nil, ["symbols", "from", "to"].contains(where: arguments.has) {
      throw OptionError(
        "--store keeps inputs without gaps in their sequences: leave it out, or --symbols, --from "
          + "and --to")
    }
    if let storePath, FileSystem.isSamePlace(storePath, store) {
      throw OptionError("--store names the store that is replayed; name another file")
    }
  }

  private init(inputs: [InputLocation], _ arguments: Arguments) throws {
    self.init(inputs: inputs)
    temporaryFolder = Environment.temporaryFolder
    diagnostics = try DiagnosticConfiguration(arguments)
    importing = try ImportConfiguration(arguments, temporaryFolder: temporaryFolder)
    timeframe = try arguments.parse("timeframe", "a span such as 100ms, 1s, 5m, 1h or 1d") {
      Timeframe($0)
    }
    price =
      try arguments.parse("price", "mid, bid, ask or last") { PriceSource(rawValue: $0) }
      ?? .automatic
    lateness =
      try arguments.parse("lateness", "a span such as 500ms or 2s") { Nanoseconds($0) } ?? .zero
    if let horizon = try arguments.parse(
      "corrections", "a span such as 10s or 1m", { Nanoseconds($0) })
    {
      guard arguments.has("lateness") else {
        throw OptionError("--corrections needs --lateness: it says what is late, such as 0s or 2s")
      }
      corrections = .on(horizon: horizon)
    }
    idle = try arguments.parse("idle", "a span such as 500ms or 2s") { Nanoseconds($0) }
    maximumGap = try arguments.parse("max-gap", "a number of slots, 0 or more", Self.count)
    let window = try arguments.parse("window", "a number of rows, 2 … 1048576") {
      Self.rows($0, from: 2)
    }
    minimumPeriods = try arguments.parse("min-periods", "a number of rows, 1 … 1048576") {
      Self.rows($0, from: 1)
    }
    estimator = .rolling(window: window ?? 256)
    if let text = arguments.value(of: "estimator"), text != "rolling" {
      guard text.hasPrefix("ewma:"), let decay = Double(text.dropFirst(5)), decay > 0, decay < 1
      else {
        throw OptionError("estimator", text, expected: "rolling, or ewma:L with L between 0 and 1")
      }
      estimator = .exponential(decay: decay)
    }
    normalizesFeatures = arguments.has("normalized")
    try takeOutput(arguments)
    if case .rolling(let rows) = estimator, let minimumPeriods, minimumPeriods > rows {
      throw OptionError(
        "--min-periods \(minimumPeriods) is more than the \(rows) rows of --window")
    }
    collectsCharts = arguments.has("report")
    try takeStorage(arguments)
  }

  /// How a store goes on.
  private mutating func takeStorage(_ arguments: Arguments) throws {
    resumes = arguments.has("resume")
    let every = try arguments.parse("snapshots", "a number of inputs, 0 or more", Self.count)
    for option in ["resume", "snapshots", "keep"] where arguments.has(option) && storePath == nil {
      throw OptionError("--\(option) needs --store: it names the store")
    }
    if let every { snapshotEvery = Int(every) }
    let spans = "a span such as 30d, or one for each kind such as ticks=7d,bars=365d"
    guard let keep = try arguments.parse("keep", spans, { StoreRetention($0) }) else { return }
    if snapshotEvery == 0 {
      throw OptionError(
        "--keep needs snapshots, behind which it deletes: leave out --snapshots 0")
    }
    retention = keep
  }

  /// What is put out and where, which decides no number.
  private mutating func takeOutput(_ arguments: Arguments) throws {
    // Beyond a million, one gap alone would make an export of gigabytes.
    missingRows = try arguments.parse("missing-rows", "a number of slots, 0 … 1000000") {
      Self.count($0).flatMap { $0 <= 1_000_000 ? $0 : nil }
    }
    shards =
      try arguments.parse("shards", "a number of threads, 1 … 64") {
        Int($0).flatMap { (1...64).contains($0) ? $0 : nil }
      } ?? 1
    exportFolder = arguments.value(of: "export")
    storePath = arguments.value(of: "store")
    historyEvery = try arguments.parse("history", "a number of versions, 1 or more") {
      Int($0).flatMap { $0 > 0 ? $0 : nil }
    }
    if historyEvery != nil, exportFolder == nil, storePath == nil {
      throw OptionError(
        "--history needs --export or --store: it says which matrices are kept there")
    }
  }

  private static func count(_ text: String) -> Int64? {
    Int64(text).flatMap { (0...(1 << 40)).contains($0) ? $0 : nil }
  }

  private static func rows(_ text: String, from least: Int) -> Int? {
    Int(text).flatMap { (least...(1 << 20)).contains($0) ? $0 : nil }
  }
}

extension InputLocation {
  /// The one input of `live`.
  fileprivate init(live inputs: [String]) throws(OptionError) {
    guard inputs.count == 1 else {
      throw OptionError(
        inputs.isEmpty
          ? "no input; give - for standard input, or unix:PATH for a socket"
          : "live reads one input, not \(inputs.count); run takes several")
    }
    switch inputs[0] {
    case "-": self = .standardInput
    case let input where input.hasPrefix("unix:") && input.count > 5:
      let path = input.dropFirst(5)
      // As a URL has them: any number of slashes begins an absolute path.
      self = .socket(path.hasPrefix("/") ? "/" + path.drop { $0 == "/" } : String(path))
    default:
      throw OptionError(
        "`\(inputs[0])` is no stream: live reads - or unix:PATH; tickloom run reads files")
    }
  }

  fileprivate init(commandLine argument: String) throws(OptionError) {
    do throws(SimulationError) {
      try self.init(argument: argument)
    } catch {
      throw OptionError(error.description)
    }
  }
}

extension ImportConfiguration {
  fileprivate init(_ arguments: Arguments, temporaryFolder: String) throws {
    let (symbols, from, to) = try arguments.selection()
    self.init(
      symbol: arguments.value(of: "symbol"),
      columns: try arguments.value(of: "columns").map { try ColumnMap($0) } ?? ColumnMap(),
      timeUnit: try arguments.parse("time-unit", "s, ms, us, ns or iso") { TimeUnit(rawValue: $0) },
      timeZone: arguments.value(of: "time-zone"),
      barStep: try arguments.parse("bars", "a span such as 1m") { Timeframe($0) },
      symbols: symbols, from: from, to: to, sorts: arguments.has("sort"),
      skipsUnreadable: arguments.has("skip-unreadable"), temporaryFolder: temporaryFolder)
  }

  /// Which inputs of a store are taken.
  fileprivate init(replay arguments: Arguments) throws {
    let (symbols, from, to) = try arguments.selection()
    self.init(symbols: symbols, from: from, to: to)
  }
}

extension Arguments {
  /// Which symbols, and from when to when, are input.
  fileprivate func selection() throws(OptionError) -> (
    symbols: [String], from: Timestamp?, to: Timestamp?
  ) {
    let time = "a time such as 2014-05-05 or 2014-05-05T12:00:00Z"
    let symbols = try parse("symbols", "a list of names such as A,B", Self.names) ?? []
    let from = try parse("from", time) { Timestamp($0) }
    let to = try parse("to", time) { Timestamp($0) }
    if let from, let to, from >= to {
      throw OptionError("--from \(from) is not before --to \(to)")
    }
    return (symbols, from, to)
  }

  /// Names between commas; nil where one is empty.
  private static func names(_ text: String) -> [String]? {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return names.contains("") ? nil : names
  }
}

extension Arguments {
  /// Throws where an option or an input is given, but empty, as by a variable that is not set.
  fileprivate func refuseEmptyValues(_ options: [ArgumentOption]) throws(OptionError) {
    for option in options where option.placeholder != nil && value(of: option.name) == "" {
      throw OptionError("--\(option.name): the value is empty")
    }
    if inputs.contains("") { throw OptionError("an input is empty; give a file or a folder") }
  }

  /// The value of an option, nil where it was not given.
  func parse<Value>(
    _ option: String, _ expected: String, _ body: (String) -> Value?
  ) throws(OptionError) -> Value? {
    guard let text = value(of: option) else { return nil }
    guard let value = body(text) else { throw OptionError(option, text, expected: expected) }
    return value
  }
}
