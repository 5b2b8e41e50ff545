internal import LoomSystem
internal import Tickloom

/// `tickloom run`.
struct RunCommand {
  private let configuration: RunConfiguration
  private let isStrict: Bool
  private let isQuiet: Bool
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws {
    if arguments.inputs.isEmpty {
      throw OptionError("no input; give files, folders, - or sim:SYMBOLS,TICKS,SEED")
    }
    configuration = try RunConfiguration(arguments)
    isStrict = arguments.has("strict")
    isQuiet = arguments.has("quiet")
    printsJSON = arguments.has("json")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let summary = try Run(configuration).perform(cancellation: cancellation)
    var writer = TextWriter(.standardOutput())
    writer.text.append(summary.json())
    if !isQuiet { try writer.endRow() }
    try writer.commit()
    return isStrict && summary.total.ticks.rejectedTotal > 0 ? .rejectedInputs : .good
  }
}
