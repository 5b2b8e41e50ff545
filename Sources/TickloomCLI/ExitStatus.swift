internal import LoomSystem
internal import Tickloom

/// How a command ends.
enum ExitStatus: Int32 {
  case good = 0
  case failed = 1
  case wrongUsage = 2
  case rejectedInputs = 3
  /// A store is not what was written, or not all of it could be recovered.
  case damaged = 4
  /// Ctrl-C, as shells count a signal: 128 + 2.
  case interrupted = 130
  /// The reader of standard output has gone, as if SIGPIPE had ended us: 128 + 13.
  case closedOutput = 141

  /// How a command ends that `error` has stopped.
  init(of error: any Error, isInterrupted: Bool) {
    switch error {
    case _ where isInterrupted, RunError.cancelled, SystemError.cancelled: self = .interrupted
    case SystemError.closedPipe, RunError.system(.closedPipe): self = .closedOutput
    case is UsageError, is OptionError: self = .wrongUsage
    case QueryError.interrupted: self = .interrupted
    case let error as ImportError where error.kind == .option: self = .wrongUsage
    case RunError.input(let error) where error.kind == .option: self = .wrongUsage
    default: self = .failed
    }
  }
}
