internal import LoomSystem
internal import Tickloom

/// `tickloom at`: a past version of the matrix, made again.
struct AtCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom at STORE --version V [options]

      Makes any version of the correlation matrix again from the inputs of a store, bit for bit, and \
      shows it. Its hash is compared with the one that was published, and the matrix too where the \
      store has kept it. The store may be being written.

      Exit status: 0 good, 4 it is not the version that was published, 1 failed, 2 wrong usage, \
      130 interrupted.
      """, options: options)
  static let options = [
    StoreArguments.version,
    ArgumentOption("export", "FILE", help: "Write the matrix as CSV, as correlation.csv of run."),
    StoreArguments.json,
    StoreArguments.help,
  ]

  private let path: String
  private let number: UInt64
  private let exportPath: String?
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws {
    let store = try StoreArguments(arguments, of: .at)
    path = store.path
    number = try store.versionNumber()
    exportPath = try store.file("export")
    printsJSON = arguments.has("json")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    if let warning = ReplayMachine.warning(path: path) { Messages.show(warning) }
    var bar = ProgressBar(
      label: "making it again", unit: "inputs", nowNanoseconds: MonotonicClock.nanoseconds)
    let rebuild = try VersionRebuild.perform(number, path: path, cancellation: cancellation) {
      bar.update(fraction: $0, count: $1, nowNanoseconds: MonotonicClock.nanoseconds)
    }
    bar.finish()
    if let exportPath { try rebuild.write(to: exportPath) }
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(rebuild.json())
      try writer.endRow()
    } else {
      for line in VersionView(rebuild, SummaryStyle(.standardOutput)).lines() {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    try writer.commit()
    return rebuild.isEqual ? .good : .damaged
  }
}
