internal import LoomSystem
internal import Tickloom

/// What the commands over a store are given, in so far as they are alike.
struct StoreArguments {
  static let version = ArgumentOption(
    "version", "V", help: "Its number, as the summary of run and the table versions tell it.")
  static let json = ArgumentOption("json", help: "Print it as JSON.")
  static let quiet = ArgumentOption("quiet", help: "No progress and no summary.")
  static let help = ArgumentOption("help", help: "Show this help.")

  /// The store.
  let path: String
  /// The new file of a command that makes one; else empty.
  let target: String
  private let arguments: Arguments
  private let command: Command

  /// Takes the one input of a command over one store.
  init(_ arguments: Arguments, of command: Command) throws(OptionError) {
    guard arguments.inputs.count == 1 else {
      throw OptionError(
        "\(command.rawValue) takes one argument, the STORE that --store has written")
    }
    path = arguments.inputs[0]
    target = ""
    self.arguments = arguments
    self.command = command
  }

  /// Takes the two inputs of a command that makes a new file of a store; `names` says what they are.
  init(
    _ arguments: Arguments, of command: Command, making names: String
  ) throws(OptionError) {
    guard arguments.inputs.count == 2 else {
      throw OptionError("\(command.rawValue) takes two arguments, \(names)")
    }
    (path, target) = (arguments.inputs[0], arguments.inputs[1])
    self.arguments = arguments
    self.command = command
  }

  /// The value of `--version`.
  func versionNumber() throws(OptionError) -> UInt64 { try number("version", "412") }

  /// The value of an option that has to be given: a number from 1 on, with or without commas.
  func number(_ option: String, _ example: String) throws(OptionError) -> UInt64 {
    guard let text = arguments.value(of: option) else {
      throw OptionError("\(command.rawValue) needs --\(option), such as --\(option) \(example)")
    }
    // As it is shown, so that it can be copied.
    let digits = text.replacing(",", with: "")
    guard let number = UInt64(digits), number > 0, number <= UInt64(Int64.max) else {
      throw OptionError(option, text, expected: "a number, 1 or more")
    }
    return number
  }

  /// The two names of `--pair`.
  func pair() throws(OptionError) -> (first: String, second: String) {
    guard let text = arguments.value(of: "pair") else {
      throw OptionError("\(command.rawValue) needs --pair with two symbols, such as --pair A,B")
    }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2, !names.contains("") else {
      throw OptionError("pair", text, expected: "two names, such as A,B")
    }
    if names[0] == names[1] {
      throw OptionError("--pair: `\(text)` is one symbol twice, which correlates with itself")
    }
    return (names[0], names[1])
  }

  /// A file that is to be written and is not the store; nil where none was asked for.
  func file(_ option: String) throws(OptionError) -> String? {
    guard let file = arguments.value(of: option) else { return nil }
    if file.isEmpty { throw OptionError("--\(option): the value is empty") }
    if FileSystem.isSamePlace(file, path) {
      throw OptionError("--\(option) names the store; name another file")
    }
    return file
  }
}
