internal import Glibc

/// A line that somebody enters to let a program go on.
public enum EnteredLine: Sendable {
  /// A line has come, whatever it holds.
  case entered
  /// None will come any more.
  case ended
  /// The wait was cancelled.
  case cancelled

  /// Waits for the end of the next line of standard input, byte by byte, so that nothing behind it is
  /// taken.
  public static func next(_ cancellation: Cancellation) -> EnteredLine {
    while cancellation.wait(forInput: STDIN_FILENO) {
      var byte: UInt8 = 0
      let count = unsafe read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      if count <= 0 { return .ended }
      if byte == UInt8(ascii: "\n") { return .entered }
    }
    return .cancelled
  }
}
