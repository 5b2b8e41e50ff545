internal import Glibc
internal import LoomSystem
internal import Tickloom

/// How a command ends.
enum ExitStatus: Int32 {
  case good = 0
  case failed = 1
  case wrongUsage = 2
  case rejectedInputs = 3
  case interrupted = 130
  case closedOutput = 141
}

/// The executable `tickloom`.
@main
struct CommandLineTool {
  static func main() {
    Signals.ignoreClosedPipes()
    BLAS.useOneThread()
    let status = run(Array(CommandLine.arguments.dropFirst()), Cancellation.onInterrupt())
    exit(status.rawValue)
  }

  /// Runs the command that `arguments` name; what goes wrong is told on standard error.
  static func run(_ arguments: [String], _ cancellation: Cancellation) -> ExitStatus {
    do {
      return try perform(arguments, cancellation)
    } catch let error as UsageError {
      return fail(.wrongUsage, error.description)
    } catch let error as OptionError {
      return fail(.wrongUsage, error.description)
    } catch SystemError.closedPipe {
      return .closedOutput
    } catch RunError.system(.closedPipe) {
      return .closedOutput
    } catch RunError.cancelled {
      return fail(.interrupted, RunError.cancelled.description)
    } catch {
      return fail(.failed, "\(error)")
    }
  }

  private static func perform(
    _ arguments: [String], _ cancellation: Cancellation
  ) throws -> ExitStatus {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "run":
      let parsed = try Arguments(rest, options: RunOptions.all)
      if parsed.has("help") { return try show(RunOptions.help) }
      return try RunCommand(parsed).perform(cancellation)
    case "sim":
      let parsed = try Arguments(rest, options: SimulateCommand.options)
      if parsed.has("help") { return try show(SimulateCommand.help) }
      return try SimulateCommand(parsed).perform(cancellation)
    default:
      throw OptionError("no command \(arguments.first ?? "")")
    }
  }

  private static func show(_ help: HelpText) throws -> ExitStatus {
    var writer = TextWriter(.standardOutput())
    writer.text.append(help.formatted(width: Terminal.standardOutput.width))
    try writer.commit()
    return .good
  }

  private static func fail(_ status: ExitStatus, _ message: String) -> ExitStatus {
    var writer = TextWriter(.standardError())
    writer.text.append("tickloom: \(message)\n")
    // Where even standard error cannot be written, the exit status is all that is left to say.
    try? writer.commit()
    return status
  }
}
