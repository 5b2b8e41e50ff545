public import LoomCore
public import LoomSystem

/// How lines are read as they come: of standard input, or of one Unix-domain socket.
public struct LiveReading: Sendable {
  /// A request for the end of the input: what has come in whole lines is taken.
  public let end: Cancellation
  /// A request to stop, which makes reading fail.
  public let cancellation: Cancellation
  /// Gives rows their receive time; nil takes their event time.
  public let clock: (@Sendable () -> Timestamp)?

  /// Creates the description.
  public init(
    end: Cancellation, cancellation: Cancellation, clock: (@Sendable () -> Timestamp)? = nil
  ) {
    self.end = end
    self.cancellation = cancellation
    self.clock = clock
  }

  var stream: StreamReading { StreamReading(end: end, cancellation: cancellation) }
}
