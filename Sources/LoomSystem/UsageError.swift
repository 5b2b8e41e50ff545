/// What is wrong with a command line.
public enum UsageError: Error, Hashable, Sendable {
  /// No such option; `similar` is the nearest one.
  case unknownOption(String, similar: String?)
  /// The option needs a value and is the last argument.
  case missingValue(String, placeholder: String)
  /// The option takes no value.
  case unexpectedValue(String)
  /// An abbreviation that more than one option begins with.
  case ambiguous(String, candidates: [String])
}

extension UsageError: CustomStringConvertible {
  /// One line: what was wrong and what to do.
  public var description: String {
    switch self {
    case .unknownOption(let option, let similar?):
      "there is no option \(option); did you mean --\(similar)?"
    case .unknownOption(let option, nil): "there is no option \(option); see --help"
    case .missingValue(let name, let placeholder):
      "--\(name) needs a value: --\(name) \(placeholder)"
    case .unexpectedValue(let name): "--\(name) takes no value"
    case .ambiguous(let option, let candidates):
      "\(option) can mean \(candidates.map { "--" + $0 }.joined(separator: " or ")); write it out"
    }
  }
}
