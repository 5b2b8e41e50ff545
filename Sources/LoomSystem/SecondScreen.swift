internal import Glibc

/// The second screen of the terminal on standard error, without a cursor.
///
/// What stood on the first one is there again afterwards, and while Ctrl-Z has the process stopped.
/// One place at a time uses it.
public enum SecondScreen {
  private static let begin: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
  private static let end: StaticString = "\u{1B}[H\u{1B}[J\u{1B}[?25h\u{1B}[?1049l"

  /// Goes there.
  public static func enter() {
    write(begin)
    // A shell without jobs has it ignored.
    if !Signals.isIgnored(SIGTSTP) { suspendOnRequest() }
  }

  /// Goes back.
  public static func leave() {
    if !Signals.isIgnored(SIGTSTP) { Glibc.signal(SIGTSTP, SIG_DFL) }
    write(end)
  }

  private static func suspendOnRequest() {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in
      // Only what a signal handler may do. The process stops in `raise` and goes on there.
      let before = errno
      SecondScreen.write(SecondScreen.end)
      Glibc.signal(SIGTSTP, SIG_DFL)
      raise(SIGTSTP)
      SecondScreen.write(SecondScreen.begin)
      SecondScreen.suspendOnRequest()
      errno = before
    }
    // Not deferred, so that `raise` takes effect within the handler.
    action.sa_flags = Int32(SA_NODEFER) | Int32(SA_RESTART)
    unsafe sigaction(SIGTSTP, &action, nil)
    Signals.unblock(SIGTSTP)
  }

  /// A terminal that cannot be written to shows nothing, which is no reason to stop.
  private static func write(_ text: StaticString) {
    unsafe _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
