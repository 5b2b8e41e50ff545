internal import Glibc
internal import Synchronization

/// A command line taken apart by glibc's `getopt_long`.
///
/// Options and inputs stand in any order, `--name=value` and `--name value` are the same, a name
/// may be shortened as long as it stays unambiguous, `--` ends the options, `-` is an input. Of an
/// option given twice the last counts. `-h` is `--help`.
public struct Arguments: Sendable {
  /// What is no option, in order.
  public private(set) var inputs: [String] = []
  private var values: [String: String] = [:]
  private let names: Set<String>

  /// Takes `arguments`, without the program's name, apart.
  public init(_ arguments: [String], options: [ArgumentOption]) throws(UsageError) {
    names = Set(options.map(\.name))
    for found in try OptionScanner(options: options).scan(arguments) {
      switch found {
      case .input(let text): inputs.append(text)
      case .option(let name, let value): values[name] = value ?? ""
      }
    }
  }

  /// The value of an option; nil where it was not given.
  public func value(of name: String) -> String? {
    precondition(names.contains(name), "no option \(name) is declared")
    return values[name]
  }

  /// Whether an option was given.
  public func has(_ name: String) -> Bool { value(of: name) != nil }
}
