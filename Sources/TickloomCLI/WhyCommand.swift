internal import LoomSystem
internal import Tickloom

/// `tickloom why`: what a correlation is made of.
struct WhyCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom why STORE --version V --pair A,B [--json]

      Shows the rows of returns behind one entry of a version of the correlation matrix: for each \
      symbol its return, and the close and the inputs (first to last sequence) of its bar. The entry \
      is shown as it was published and computed afresh from these rows, in two passes. A row that one \
      of the two is not in counts for nothing; where there is no correlation, the reason is told.

      Exit status: 0 good, 4 the version is not the one that was published, 1 failed, 2 wrong usage, \
      130 interrupted.
      """, options: options)
  static let options = [
    StoreArguments.version,
    ArgumentOption("pair", "A,B", help: "The names of two symbols."),
    StoreArguments.json, StoreArguments.help,
  ]

  private let path: String
  private let number: UInt64
  private let pair: (first: String, second: String)
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws {
    let store = try StoreArguments(arguments, of: .why)
    path = store.path
    number = try store.versionNumber()
    pair = try store.pair()
    printsJSON = arguments.has("json")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    var bar = ProgressBar(
      label: "making it again", unit: "inputs", nowNanoseconds: MonotonicClock.nanoseconds)
    let entry = try EntryExplanation.perform(
      number, pair: pair, path: path, cancellation: cancellation
    ) {
      bar.update(fraction: $0, count: $1, nowNanoseconds: MonotonicClock.nanoseconds)
    }
    bar.finish()
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    if printsJSON {
      writer.text.append(entry.json())
      try writer.endRow()
    } else {
      for line in EntryView(entry, SummaryStyle(.standardOutput)).lines() {
        writer.text.append(line)
        try writer.endRow()
      }
    }
    try writer.commit()
    return entry.version.isEqual ? .good : .damaged
  }
}
