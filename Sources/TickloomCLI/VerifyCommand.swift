internal import LoomSystem
internal import Tickloom

/// `tickloom verify`: whether a store is what was written.
struct VerifyCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom verify STORE [--json]

      Looks at everything in a store of run or live: SQLite's pages and indexes, the digests of all \
      rows, every block of inputs with its checksums, the chain of the blocks, and whether a sequence \
      is missing. Each finding is a line. A store that is being written is verified as it is at one \
      moment; what a recovered store is known to lack is told, and no finding.

      Exit status: 0 sound, 4 damaged, 1 could not be verified, 2 wrong usage, 130 interrupted.
      """, options: options)
  static let options = [
    ArgumentOption("json", help: "Print the findings as JSON."),
    ArgumentOption("help", help: "Show this help."),
  ]

  private let path: String
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws {
    guard arguments.inputs.count == 1 else {
      throw OptionError("verify takes one argument, the STORE that --store has written")
    }
    path = arguments.inputs[0]
    printsJSON = arguments.has("json")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let start = MonotonicClock.nanoseconds
    let report = try Self.verify(path, label: "verifying", cancellation)
    let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(report.json())
      try writer.endRow()
    } else {
      for line in VerifyView(report, path: path, SummaryStyle(.standardOutput)).lines(seconds) {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    try writer.commit()
    return report.isSound ? .good : .damaged
  }

  /// Verifies a store with a progress bar on standard error.
  static func verify(
    _ path: String, label: String, _ cancellation: Cancellation
  ) throws -> StoreVerification {
    var bar = ProgressBar(label: label, unit: "rows", nowNanoseconds: MonotonicClock.nanoseconds)
    return try StoreVerifier.verify(path: path, cancellation: cancellation) { progress in
      bar.update(
        fraction: Double(progress.done) / Double(max(1, progress.total)), count: progress.done,
        nowNanoseconds: MonotonicClock.nanoseconds)
    }
  }
}
