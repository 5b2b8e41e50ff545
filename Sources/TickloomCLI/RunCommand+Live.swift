internal import LoomSystem
internal import Tickloom

extension RunCommand {
  /// Seconds between the lines of a terminal that knows only lines.
  private static let lineNanoseconds: Int64 = 10_000_000_000

  /// Runs until the input ends or an interrupt ends it; the one after that is `cancellation`.
  func runShowingTable(_ cancellation: Cancellation) throws -> RunSummary {
    let end = Cancellation.beforeInterrupt()
    let live = Live(configuration)
    let terminal = Terminal.standardError
    if isQuiet || !terminal.isInteractive {
      return try live.perform(end: end, cancellation: cancellation)
    }
    if !terminal.movesCursor {
      var next = MonotonicClock.nanoseconds + Self.lineNanoseconds
      return try live.perform(end: end, cancellation: cancellation) { state in
        guard MonotonicClock.nanoseconds >= next else { return }
        next = MonotonicClock.nanoseconds + Self.lineNanoseconds
        Messages.show(LiveView().totals(state).joined(separator: ", "))
      }
    }
    let display = try LiveDisplay(waiting: waiting)
    return try live.perform(end: end, cancellation: cancellation) { display.show($0) }
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
