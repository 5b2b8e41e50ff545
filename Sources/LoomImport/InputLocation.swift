/// Where input comes from.
public enum InputLocation: Sendable {
  /// A file, or a folder whose files are taken in byte order of their names.
  ///
  /// Of a folder one level is read; folders inside it and names that begin with a dot are not.
  case path(String)
  /// Standard input.
  case standardInput
  /// Ticks that are made up.
  case generated(any TickGenerator)

  /// What an argument of the command line means: `-` is standard input, anything else a path.
  public init(argument: String) {
    self = argument == "-" ? .standardInput : .path(argument)
  }
}
