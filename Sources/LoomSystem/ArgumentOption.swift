/// One option of a command line: `--name` or `--name VALUE`.
public struct ArgumentOption: Sendable {
  /// Its name without the dashes.
  public let name: String
  /// What stands for its value in the help, for example `DIR`; nil where it takes none.
  public let placeholder: String?
  /// What it does, in a sentence or two; the help wraps it.
  public let help: String

  /// Creates an option; `placeholder` is nil for one without a value.
  public init(_ name: String, _ placeholder: String? = nil, help: String) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
  }

  /// As it stands in the help: `--export DIR`.
  var usage: String { placeholder.map { "--\(name) \($0)" } ?? "--\(name)" }
}
