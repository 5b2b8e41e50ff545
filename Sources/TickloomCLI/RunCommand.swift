internal import LoomSystem
internal import Tickloom

/// `tickloom run`, and `tickloom live`, which differs in where its rows come from.
struct RunCommand {
  let configuration: RunConfiguration
  private let reportPath: String?
  let isStrict: Bool
  let isQuiet: Bool
  private let printsJSON: Bool
  private let isLive: Bool

  init(_ arguments: Arguments) throws {
    if arguments.inputs.isEmpty {
      throw OptionError("no input; give files, folders, - or sim:SYMBOLS,TICKS,SEED")
    }
    try self.init(RunConfiguration(arguments), arguments, isLive: false)
  }

  init(live arguments: Arguments) throws {
    try self.init(RunConfiguration(live: arguments), arguments, isLive: true)
  }

  init(replay arguments: Arguments) throws {
    try self.init(RunConfiguration(replay: arguments), arguments, isLive: false)
  }

  private init(
    _ configuration: RunConfiguration, _ arguments: Arguments, isLive: Bool
  ) throws {
    self.configuration = configuration
    self.isLive = isLive
    reportPath = arguments.value(of: "report")
    isStrict = arguments.has("strict")
    isQuiet = arguments.has("quiet")
    printsJSON = arguments.has("json")
    if let reportPath { try refuseReplacing(reportPath) }
  }

  /// A report takes the place of what stood there.
  private func refuseReplacing(_ reportPath: String) throws(OptionError) {
    if let store = configuration.storePath, FileSystem.isSamePlace(store, reportPath) {
      throw OptionError("--report and --store name the same file \(reportPath)")
    }
    if let name = configuration.exportedFile(at: reportPath) {
      throw OptionError("--report would replace the \(name) of --export; name another file")
    }
    for case .path(let path) in configuration.inputs where FileSystem.isSame(path, reportPath) {
      throw OptionError("--report would replace the input \(path); name another file")
    }
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    // Opened first: a report that cannot be written is told before the work is done.
    var report: OutputFile?
    if let reportPath { report = try OutputFile(path: reportPath, makesFolder: true) }
    let summary: RunSummary
    do {
      summary = try run(cancellation)
    } catch {
      if let kept = configuration.keptInputs(after: error) {
        Messages.show("\(kept.path) keeps the \(kept.count) inputs so far; --resume goes on there")
      }
      throw error
    }
    if let report { try Report.write(summary, to: report) }
    for warning in warnings(summary) { Messages.show(warning) }
    try show(summary, cancellation)
    return isStrict && summary.total.ticks.rejectedTotal > 0 ? .rejectedInputs : .good
  }

  private func run(_ cancellation: Cancellation) throws -> RunSummary {
    if isLive { return try runShowingTable(cancellation) }
    if configuration.replayedStore != nil { return try runReplaying(cancellation) }
    return try runShowingProgress(cancellation)
  }

  func runShowingProgress(_ cancellation: Cancellation) throws -> RunSummary {
    let terminal = Terminal.standardError
    var bar = ProgressBar(
      label: "reading", unit: "ticks", nowNanoseconds: MonotonicClock.nanoseconds,
      on: isQuiet ? .none : terminal)
    return try Run(configuration).perform(cancellation: cancellation) { progress in
      bar.update(
        fraction: fraction(progress), count: progress.ticks,
        nowNanoseconds: MonotonicClock.nanoseconds)
    }
  }

  /// How much is read, by bytes of files or by ticks of simulated markets; nil where unknown.
  private func fraction(_ progress: Run.Progress) -> Double? {
    if let total = progress.bytesTotal { return Double(progress.bytesRead) / Double(max(1, total)) }
    var total = 0
    for input in configuration.inputs {
      guard case .generated(let generator) = input, let market = generator as? SimulatedMarket
      else { return nil }
      total += market.tickCount
    }
    return Double(progress.ticks) / Double(max(1, total))
  }

  /// The data of the command: the summary on standard output.
  private func show(_ summary: RunSummary, _ cancellation: Cancellation) throws {
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(summary.json())
      try writer.endRow()
    } else if !isQuiet {
      writer.text.append(SummaryView(summary, SummaryStyle(.standardOutput)).text)
    }
    try writer.commit()
  }
}

extension SummaryStyle {
  /// What `terminal` is able to show.
  init(_ terminal: Terminal) {
    let colours: Colours =
      switch terminal.color {
      case .full: .trueColour
      case .indexed: .indexed
      case .none, .basic: .none
      }
    self.init(
      isTerminal: terminal.isInteractive && terminal.isUnicode, width: terminal.width,
      colours: colours)
  }
}
