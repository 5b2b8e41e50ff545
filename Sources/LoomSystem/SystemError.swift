internal import Glibc

/// Why a call to the operating system failed: what was tried, on what, and what helps.
public enum SystemError: Error, Hashable, Sendable {
  /// Whoever reads our output has gone; the program ends quietly.
  case closedPipe
  /// Somebody asked to stop before everything was written.
  case cancelled
  /// A call failed; `code` is its `errno`.
  case failed(Operation, path: String, code: Int32)

  /// What was tried.
  public enum Operation: String, Hashable, Sendable {
    /// Creating a file or folder.
    case create
    /// Writing to an open file.
    case write
    /// Giving a finished file its final name.
    case rename
    /// Keeping sorted records in a temporary file.
    case spool = "write a temporary file in"
    /// Starting a thread.
    case startThread = "start the thread"
  }

  /// The failure that `errno` describes; `EPIPE` becomes ``closedPipe``.
  static func last(_ operation: Operation, _ path: String) -> SystemError {
    let code = errno
    return code == EPIPE ? .closedPipe : .failed(operation, path: path, code: code)
  }
}

extension SystemError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .closedPipe: return "the reader of the output has closed it"
    case .cancelled: return "the writing was stopped"
    case .failed(let operation, let path, let code):
      let reason = unsafe String(cString: strerror(code))
      let failure = "cannot \(operation.rawValue) \(path): \(reason)"
      guard let advice = Self.advice(operation, code) else { return failure }
      return failure + "; " + advice
    }
  }

  private static func advice(_ operation: Operation, _ code: Int32) -> String? {
    if operation == .spool { return spoolAdvice(code) }
    return switch code {
    case ENOSPC, EDQUOT: "free some space on its file system, or choose another folder"
    case EACCES, EPERM: "choose a folder you may write to"
    case EROFS: "its file system is read-only, choose another folder"
    case ENOENT: "create its folder first"
    case ENOTDIR: "a part of the path is a file, not a folder"
    case EISDIR: "it is a folder, name a file"
    case EMFILE, ENFILE: "too many files are open, raise the limit with ulimit -n"
    case EAGAIN: "the limit of threads is reached, ask for fewer"
    case EFBIG: "a limit on the size of files is set, see ulimit -f"
    case ENAMETOOLONG: "choose a shorter name"
    default: nil
    }
  }

  private static func spoolAdvice(_ code: Int32) -> String {
    let otherFolder = "name another folder in the environment variable TMPDIR"
    return [ENOSPC, EDQUOT].contains(code) ? "free some space, or \(otherFolder)" : otherFolder
  }
}
