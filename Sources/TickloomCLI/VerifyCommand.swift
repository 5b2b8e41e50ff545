internal import LoomSystem
internal import Tickloom

/// `tickloom verify`: whether a store is what was written.
struct VerifyCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom verify STORE [--rebuild] [--json]

      Looks at everything in a store of run or live: SQLite's pages and indexes, the digests of all \
      rows, every block of inputs with its checksums, the chain of the blocks, and whether a sequence \
      is missing. Each finding is a line. A store that is being written is verified as it is at one \
      moment; what a recovered store is known to lack is told, and no finding.

      With --rebuild the inputs are taken once more, too, and every rejected input, bar, feature row, \
      version and kept matrix is compared bit for bit with what they give. An unfinished run may lack \
      the last of them; behind inputs that are lost nothing can be compared. Both are told, and no \
      finding.

      Exit status: 0 sound, 4 damaged, 1 could not be verified, 2 wrong usage, 130 interrupted.
      """, options: options)
  static let options = [
    ArgumentOption(
      "rebuild", help: "Make everything again from the inputs, and compare."),
    ArgumentOption("json", help: "Print the findings as JSON."),
    StoreArguments.help,
  ]

  private let path: String
  private let printsJSON: Bool
  private let rebuilds: Bool

  init(_ arguments: Arguments) throws {
    path = try StoreArguments(arguments, of: .verify).path
    printsJSON = arguments.has("json")
    rebuilds = arguments.has("rebuild")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let start = MonotonicClock.nanoseconds
    let report = try Self.verify(path, label: "verifying", cancellation)
    let rebuild = rebuilds ? try rebuild(report, cancellation) : nil
    let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(report.json(rebuild))
      try writer.endRow()
    } else {
      let view = VerifyView(report, rebuild, path: path, SummaryStyle(.standardOutput))
      for line in view.lines(seconds) {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    try writer.commit()
    return report.isSound && rebuild?.isSound != false ? .good : .damaged
  }

  /// Compares with what the inputs give; nil where a store that is known to be damaged cannot be read.
  private func rebuild(
    _ report: StoreVerification, _ cancellation: Cancellation
  ) throws -> StoreRebuild? {
    var bar = ProgressBar(
      label: "rebuilding", unit: "inputs", nowNanoseconds: MonotonicClock.nanoseconds)
    if let warning = ReplayMachine.warning(path: path) { Messages.show(warning) }
    do throws(RunError) {
      return try StoreRebuild.perform(path: path, cancellation: cancellation) { progress in
        bar.update(
          fraction: Double(progress.ticks) / Double(max(1, report.inputs)), count: progress.ticks,
          nowNanoseconds: MonotonicClock.nanoseconds)
      }
    } catch {
      if report.isSound || cancellation.isRequested { throw error }
      Messages.show("nothing could be made again: \(error)")
      return nil
    }
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
