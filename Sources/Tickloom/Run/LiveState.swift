/// How things are at one moment of a live run.
public struct LiveState: Sendable {
  /// Inputs taken so far.
  public var ticks = 0
}
