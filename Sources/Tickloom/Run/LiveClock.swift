/// Whose clock a live run goes by.
public enum LiveClock: String, Sendable {
  /// That of the data: what comes out depends on the lines alone, and is what `run` makes of them.
  case data
  /// The computer's: a line is received when it is read, and bars close although no line comes.
  case wall
}
