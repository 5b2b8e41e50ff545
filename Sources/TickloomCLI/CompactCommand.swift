internal import LoomSystem
internal import Tickloom

/// `tickloom compact`: gives space that a store does not use back to the file system.
struct CompactCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom compact STORE [--json]

      Gives the space that --keep has made free in a store back to the file system, in small steps; \
      readers are not held up, Ctrl-C ends it between two steps, and every row and block stays as it \
      is. A store that is being written gives space back itself, a part with each batch, once an \
      eighth of it is free: then it is left alone, and what is free is told.

      Exit status: 0 good, 1 failed, 2 wrong usage, 130 interrupted.
      """, options: options)
  static let options = [StoreArguments.json, StoreArguments.quiet, StoreArguments.help]

  private let path: String
  private let printsJSON: Bool
  private let isQuiet: Bool

  init(_ arguments: Arguments) throws {
    path = try StoreArguments(arguments, of: .compact).path
    printsJSON = arguments.has("json")
    isQuiet = arguments.has("quiet")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let terminal: Terminal = isQuiet ? .none : .standardError
    var bar = ProgressBar(
      label: "compacting", unit: "bytes", nowNanoseconds: MonotonicClock.nanoseconds, on: terminal)
    let report = try StoreCompaction.compact(path: path, cancellation: cancellation) {
      bar.update(
        fraction: Double($0) / Double(max(1, $1)), count: $0,
        nowNanoseconds: MonotonicClock.nanoseconds)
    }
    bar.finish()
    var writer = TextWriter(.standardOutput(cancellation: Cancellation()))
    if printsJSON {
      writer.text.append(report.json())
      try writer.endRow()
    } else if !isQuiet {
      writer.text.append(line(report))
      try writer.endRow()
    }
    try writer.commit()
    return cancellation.isRequested ? .interrupted : .good
  }

  private func line(_ report: StoreCompaction.Report) -> String {
    let (name, free) = (SummaryText.harmless(path), SummaryNumber.bytes(report.freeBytes))
    let size = SummaryNumber.bytes(report.bytes.after)
    if report.isBeingWritten {
      return "\(name) is being written, and gives space back itself: \(free) of \(size) are free"
    }
    let given = report.bytes.before - report.bytes.after
    if given <= 0 { return "\(name) has \(size), of which \(free) are free" }
    return "\(name) has \(size), \(SummaryNumber.bytes(given)) less than before"
  }
}
