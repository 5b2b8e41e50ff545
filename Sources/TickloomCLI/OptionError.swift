/// What is wrong with a command, an input or the value of an option.
struct OptionError: Error, CustomStringConvertible {
  let description: String

  init(_ option: String, _ value: String, expected: String) {
    description = "--\(option): `\(value)` is not \(expected)"
  }

  init(_ description: String) { self.description = description }
}
