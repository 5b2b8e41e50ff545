internal import LoomSystem
internal import Tickloom

extension RunCommand {
  /// Seconds between the lines of a terminal that knows only lines.
  private static let lineNanoseconds: Int64 = 10_000_000_000

  /// Runs until the input ends or an interrupt ends it; the one after that is `cancellation`.
  func runShowingTable(_ cancellation: Cancellation) throws -> RunSummary {
    let end = Cancellation.beforeInterrupt()
    let live = Live(configuration)
    return try show("tickloom live", waiting: waiting) { show in
      try live.perform(end: end, cancellation: cancellation, show: show)
    }
  }

  /// Has `perform` show its states as far as the terminal can.
  func show(
    _ title: String, waiting: String,
    _ perform: ((LiveState) -> Void) throws -> RunSummary
  ) throws -> RunSummary {
    let terminal = Terminal.standardError
    if isQuiet || !terminal.isInteractive { return try perform { _ in } }
    if !terminal.movesCursor {
      var next = MonotonicClock.nanoseconds + Self.lineNanoseconds
      return try perform { state in
        guard MonotonicClock.nanoseconds >= next else { return }
        next = MonotonicClock.nanoseconds + Self.lineNanoseconds
        Messages.show(LiveView().totals(state).joined(separator: ", "))
      }
    }
    let display = try LiveDisplay(title: title, waiting: waiting)
    return try perform { display.show($0) }
  }

  private var waiting: String {
    let place =
      switch configuration.inputs.first {
      case .socket(let path): SummaryText.harmless(path)
      default: "standard input"
      }
    return "tickloom live: waiting for the first line of \(place); Ctrl-C ends it"
  }
}
