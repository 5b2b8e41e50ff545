internal import LoomSystem
internal import Tickloom

/// Shows the states of a live run on standard error, on a thread of its own.
///
/// A terminal that is slow or stopped misses states and never holds up the run; one that is stopped
/// at the end is left to itself after a second. Its second screen is used, so that what stood there
/// before comes back when the value goes away.
struct LiveDisplay: ~Copyable {
  private let states: Channel<LiveState>
  /// Gets its one element once nothing more is shown.
  private let isOver: Channel<Bool>
  private static let patienceNanoseconds: Int64 = 1_000_000_000

  /// Starts to show under a title; `waiting` stands there until the first state comes.
  init(title: String, waiting: String) throws(SystemError) {
    let states = Channel<LiveState>(capacity: 1)
    let isOver = Channel<Bool>(capacity: 1)
    self.states = states
    self.isOver = isOver
    let worker = try Worker(name: "tickloom-show") {
      SecondScreen.enter()
      let width = max(1, Terminal.standardError.width - 1)
      Self.draw([SummaryText.truncated(waiting, to: width, ellipsis: "")])
      var view = LiveView(title: title)
      while let state = states.receive() {
        // Looked at each time: its size may have changed.
        let terminal = Terminal.standardError
        let room = LiveView.Room(
          width: terminal.width - 1, height: terminal.height, style: SummaryStyle(terminal))
        Self.draw(view.lines(state, in: room))
      }
      SecondScreen.leave()
      isOver.send(true)
    }
    // A write to a terminal that is stopped lasts until somebody lets it go on.
    worker.detach()
  }

  deinit {
    states.close()
    _ = isOver.receive(until: MonotonicClock.nanoseconds + Self.patienceNanoseconds)
  }

  /// Shows a state, unless the one before is still being shown.
  func show(_ state: LiveState) { states.sendIfRoom(state) }

  private static func draw(_ lines: [String]) {
    write("\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }

  /// A table that cannot be shown is no reason to stop.
  private static func write(_ text: String) {
    try? OutputFile.standardError().write(text.utf8Span.span)
  }
}
