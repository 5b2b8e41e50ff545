internal import LoomSystem
internal import Tickloom

/// `tickloom explain`: what came of one input.
struct ExplainCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom explain STORE --seq N [--json]

      Shows one input of a store, whether it was accepted or why not, and what came of it: its bar, \
      the features of that bar, and the versions of the correlation matrix that hold the bar's \
      return, or the next one, which starts from its close. Corrections by late ticks are told.

      Exit status: 0 good, 1 failed, 2 wrong usage, 130 interrupted.
      """, options: options)
  static let options = [
    ArgumentOption(
      "seq", "N", help: "Its sequence, as first_seq and last_seq of bars and seq of ticks tell it."),
    StoreArguments.json, StoreArguments.help,
  ]

  private let path: String
  private let sequence: UInt64
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws {
    let store = try StoreArguments(arguments, of: .explain)
    path = store.path
    sequence = try store.number("seq", "1000")
    printsJSON = arguments.has("json")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    var bar = ProgressBar(
      label: "reading", unit: "inputs", nowNanoseconds: MonotonicClock.nanoseconds)
    let tick = try TickExplanation.perform(
      sequence, path: path, cancellation: cancellation
    ) { progress in
      bar.update(
        fraction: progress.bytesTotal.map { Double(progress.bytesRead) / Double(max(1, $0)) },
        count: progress.ticks, nowNanoseconds: MonotonicClock.nanoseconds)
    }
    bar.finish()
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(tick.json())
      try writer.endRow()
    } else {
      for line in TickView(tick, SummaryStyle(.standardOutput)).lines() {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    try writer.commit()
    return .good
  }
}
