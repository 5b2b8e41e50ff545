internal import LoomSystem
internal import Tickloom

/// `tickloom info`: what is in a store.
struct InfoCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom info STORE [--json]

      Shows what a store of run or live holds: its run, inputs, bars and versions, their times, and \
      the bytes they take. The store may be being written.
      """, options: options)
  static let options = [
    StoreArguments.json,
    StoreArguments.help,
  ]

  private let path: String
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws {
    path = try StoreArguments(arguments, of: .info).path
    printsJSON = arguments.has("json")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let store = try StoreDescription(path: path)
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(store.json())
      try writer.endRow()
    } else {
      for line in InfoView(store, path: path, SummaryStyle(.standardOutput)).lines() {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    try writer.commit()
    return .good
  }
}
