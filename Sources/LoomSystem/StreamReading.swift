/// How a stream is read whose lines are taken as they come.
public struct StreamReading: Sendable {
  /// A request for the end of the input: an unfinished line is dropped.
  public let end: Cancellation
  /// A request to stop, which makes reading fail.
  public let cancellation: Cancellation
  /// How long a read waits before it returns with nothing.
  public let patienceMilliseconds: Int32

  /// Creates the description.
  public init(end: Cancellation, cancellation: Cancellation, patienceMilliseconds: Int32 = 100) {
    self.end = end
    self.cancellation = cancellation
    self.patienceMilliseconds = patienceMilliseconds
  }
}
