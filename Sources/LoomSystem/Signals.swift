internal import Glibc

/// What an executable decides about signals for the whole process.
public enum Signals {
  /// Makes writing to a closed pipe an error, ``SystemError/closedPipe``, not the end of the process.
  public static func ignoreClosedPipes() {
    Glibc.signal(SIGPIPE, SIG_IGN)
  }

  /// Makes writing beyond a limit on file sizes (`ulimit -f`) an error, not the end of the process.
  public static func ignoreFileSizeLimits() {
    Glibc.signal(SIGXFSZ, SIG_IGN)
  }
}

extension Signals {
  /// Whether whoever started the process has a signal ignored.
  static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(signal, nil, &action)
    let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return unsafe handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Lets the calling thread have a signal: whoever started the process may have had it blocked, and
  /// a blocked signal never arrives.
  static func unblock(_ signal: Int32) {
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, signal)
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}
