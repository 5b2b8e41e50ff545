public import LoomImport
public import LoomJournal
public import LoomSystem

/// Why a run did not finish.
public enum RunError: Error, Sendable {
  /// A setting is out of range; the text says which, and what is allowed.
  case configuration(String)
  /// The input cannot be read.
  case input(ImportError)
  /// The system refused to write or to give a thread.
  case system(SystemError)
  /// The store cannot be written, or not be read.
  case store(JournalError)
  /// More than half the rows of a file were refused; the text holds the counts and what helps.
  case mostlyRejected(String)
  /// Memory or the linear algebra library is not as needed.
  case core(String)
  /// It was asked to stop.
  case cancelled
}

extension RunError: CustomStringConvertible {
  /// One sentence: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .configuration(let text), .mostlyRejected(let text), .core(let text): text
    case .input(let error): error.description
    case .system(let error): error.description
    case .store(let error): error.description
    case .cancelled: "stopped before the end; nothing was exported"
    }
  }

  /// There is no symbol of that name in a store, which has these.
  static func unknownSymbol(_ name: String, among names: [String], path: String) -> RunError {
    let most = 12
    let known = names.prefix(most).joined(separator: ", ")
    let more = names.count > most ? " and \(names.count - most) more" : ""
    return .configuration("there is no symbol `\(name)` in \(path); it has \(known)\(more)")
  }

  /// The same failure as a run reports it, whatever stage threw it.
  init(_ error: any Error) {
    switch error {
    case let error as RunError: self = error
    case let error as ImportError: self = error.kind == .cancelled ? .cancelled : .input(error)
    case SystemError.cancelled: self = .cancelled
    case let error as SystemError: self = .system(error)
    case let error as JournalError: self = .store(error)
    default: self = .core("\(error)")
    }
  }
}
