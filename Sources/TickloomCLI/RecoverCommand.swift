internal import LoomSystem
internal import Tickloom

/// `tickloom recover`: a new store of all that is left of a damaged one.
struct RecoverCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom recover BAD GOOD

      Makes the new store GOOD of all that can be read of the damaged store BAD, which stays as it \
      is. Blocks of inputs that SQLite does not find are looked for in the bytes of the file and of \
      its log. What is missing is told, and listed in the table gaps of GOOD.

      Exit status: 0 nothing was lost, 4 something was lost or is damaged, 1 failed, 2 wrong usage, \
      130 interrupted.
      """, options: options)
  static let options = [
    StoreArguments.quiet, StoreArguments.help,
  ]

  private let path: String
  private let target: String
  private let isQuiet: Bool

  init(_ arguments: Arguments) throws {
    let store = try StoreArguments(
      arguments, of: .recover, making: "the store BAD and the new file GOOD")
    (path, target) = (store.path, store.target)
    isQuiet = arguments.has("quiet")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let terminal: Terminal = isQuiet ? .none : .standardError
    var bar = ProgressBar(
      label: "recovering", unit: "inputs", nowNanoseconds: MonotonicClock.nanoseconds, on: terminal)
    let report = try StoreRecovery.recover(path: path, to: target, cancellation: cancellation) {
      bar.update(fraction: $0, count: $1, nowNanoseconds: MonotonicClock.nanoseconds)
    }
    if !isQuiet {
      var writer = TextWriter(.standardOutput(cancellation: cancellation))
      for line in lines(report) {
        writer.text.append(line)
        try writer.endRow()
      }
      try writer.commit()
    }
    return report.isWhole ? .good : .damaged
  }

  private func lines(_ report: StoreRecovery.Report) -> [String] {
    let blocks = report.blocks
    var first =
      "\(SummaryText.harmless(target)) holds \(SummaryNumber.grouped(report.inputs)) inputs"
    first += " in \(SummaryNumber.grouped(blocks.found)) blocks"
    if blocks.byBytes > 0 {
      first += ", \(SummaryNumber.grouped(blocks.byBytes)) of them found by their bytes alone"
    }
    let rows = report.rows.filter { $0.count > 0 }
      .map { "\($0.table) \(SummaryNumber.grouped($0.count))" }
    let heading = "rows of "
    return [first]
      + (rows.isEmpty
        ? ["no other rows could be read"] : [heading + rows.joined(separator: ", ")])
      + report.gaps.map { "lost: \($0)" }
      + report.findings.map { "damaged: " + SummaryText.harmless($0.description) }
  }
}
