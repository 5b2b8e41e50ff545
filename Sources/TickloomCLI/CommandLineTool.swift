internal import Glibc
internal import LoomSystem
internal import Tickloom

/// The executable `tickloom`.
@main
struct CommandLineTool {
  static func main() {
    StandardStreams.reserve()
    Signals.ignoreClosedPipes()
    Signals.ignoreFileSizeLimits()
    BLAS.useOneThread()
    let status = run(Array(CommandLine.arguments.dropFirst()), Cancellation.onInterrupt())
    exit(status.rawValue)
  }

  /// Runs the command that `arguments` name; what goes wrong is told on standard error.
  static func run(_ arguments: [String], _ cancellation: Cancellation) -> ExitStatus {
    do {
      return try perform(arguments, cancellation)
    } catch {
      let status = ExitStatus(of: error, isInterrupted: cancellation.isRequested)
      switch status {
      case .closedOutput: break
      case .interrupted: Messages.show("interrupted before the end")
      default: Messages.show("\(error)")
      }
      return status
    }
  }

  private static func perform(
    _ arguments: [String], _ cancellation: Cancellation
  ) throws -> ExitStatus {
    guard let word = arguments.first else {
      throw OptionError("no command was given; see tickloom --help")
    }
    let rest = Array(arguments.dropFirst())
    switch word {
    case "--help", "-h": return try show(Help.overview)
    case "--version": return try show(ToolVersion.text)
    case "help": return try show(help(rest))
    default: break
    }
    let command = try command(word)
    let parsed = try Arguments(rest, options: command.options)
    if parsed.has("help") { return try show(command.help) }
    return switch command {
    case .run: try RunCommand(parsed).perform(cancellation)
    case .live: try RunCommand(live: parsed).perform(cancellation)
    case .replay: try RunCommand(replay: parsed).perform(cancellation)
    case .sim: try SimulateCommand(parsed).perform(cancellation)
    case .info: try InfoCommand(parsed).perform(cancellation)
    case .verify: try VerifyCommand(parsed).perform(cancellation)
    case .backup: try BackupCommand(parsed).perform(cancellation)
    case .recover: try RecoverCommand(parsed).perform(cancellation)
    case .compact: try CompactCommand(parsed).perform(cancellation)
    case .query: try QueryCommand(parsed).perform(cancellation)
    case .at: try AtCommand(parsed).perform(cancellation)
    case .why: try WhyCommand(parsed).perform(cancellation)
    case .explain: try ExplainCommand(parsed).perform(cancellation)
    }
  }

  private static func command(_ word: String) throws(OptionError) -> Command {
    if let command = Command(rawValue: word) { return command }
    if word.hasPrefix("-") {
      throw OptionError("the command comes before its options, as in tickloom run INPUT \(word)")
    }
    let names = Command.allCases.map(\.rawValue) + ["help"]
    guard let similar = Spelling.nearest(to: word, among: names) else {
      throw OptionError("there is no command `\(word)`; see tickloom --help")
    }
    throw OptionError("there is no command `\(word)`; did you mean tickloom \(similar)?")
  }

  private static func help(_ words: [String]) throws(OptionError) -> HelpText {
    guard let word = words.first else { return Help.overview }
    return try command(word).help
  }

  private static func show(_ help: HelpText) throws -> ExitStatus {
    try show(help.formatted(width: Terminal.standardOutput.width))
  }

  private static func show(_ text: String) throws -> ExitStatus {
    var writer = TextWriter(.standardOutput())
    writer.text.append(text)
    try writer.commit()
    return .good
  }
}
