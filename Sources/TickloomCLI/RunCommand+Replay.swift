internal import LoomSystem
internal import Tickloom

extension RunCommand {
  /// Takes a store again, at the speed that was asked for.
  func runReplaying(_ cancellation: Cancellation) throws -> RunSummary {
    if let path = configuration.replayedStore, let warning = ReplayMachine.warning(path: path) {
      Messages.show(warning)
    }
    return switch configuration.replaySpeed {
    case .maximum: try runShowingProgress(cancellation)
    case .paced: try runPaced(cancellation)
    case .stepped: try runStepping(cancellation)
    }
  }

  private func runPaced(_ cancellation: Cancellation) throws -> RunSummary {
    let replay = Replay(configuration)
    let path = SummaryText.harmless(configuration.replayedStore ?? "")
    let waiting = "tickloom replay: reading \(path); Ctrl-C ends it"
    return try show("tickloom replay", waiting: waiting) { show in
      try replay.perform(cancellation: cancellation, show: show)
    }
  }

  /// Shows what each step has brought about, and waits for a line of standard input.
  private func runStepping(_ cancellation: Cancellation) throws -> RunSummary {
    let replay = Replay(configuration)
    let view = StepView(SummaryStyle(.standardError))
    var waits = true
    if !isQuiet { show(["Enter goes on to the next step, Ctrl-C ends"]) }
    return try replay.perform(cancellation: cancellation) { (step: ReplayStep) in
      if !isQuiet { show(view.lines(step)) }
      guard waits else { return }
      if case .ended = EnteredLine.next(cancellation) { waits = false }
    }
  }

  private func show(_ lines: [String]) {
    var writer = TextWriter(.standardError())
    for line in lines { writer.text.append(line + "\n") }
    // What cannot be shown is no reason to stop.
    try? writer.commit()
  }
}
