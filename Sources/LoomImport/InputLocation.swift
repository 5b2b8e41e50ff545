/// Where input comes from.
public enum InputLocation: Sendable {
  /// A file, or a folder whose files are taken in byte order of their names.
  ///
  /// Of a folder one level is read; folders inside it and names that begin with a dot are not.
  case path(String)
  /// Standard input.
  case standardInput
  /// A Unix-domain stream socket, read as its lines come; only for live reading.
  case socket(String)
  /// Ticks that are made up.
  case generated(any TickGenerator)

  /// What an argument of the command line means.
  ///
  /// `-` is standard input, `sim:SYMBOLS,TICKS,SEED` a ``SimulatedMarket``, anything else a path;
  /// a file that is really called so is reached by `./-` and `./sim:…`.
  ///
  /// - Throws: ``SimulationError`` where the numbers of a simulated market are wrong.
  public init(argument: String) throws(SimulationError) {
    if argument == "-" {
      self = .standardInput
    } else if argument.hasPrefix("sim:") {
      self = .generated(try SimulatedMarket(String(argument.dropFirst(4))))
    } else {
      self = .path(argument)
    }
  }
}
