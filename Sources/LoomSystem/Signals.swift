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
