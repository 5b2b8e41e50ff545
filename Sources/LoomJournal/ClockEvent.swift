public import LoomCore

/// A move of the market clock that no tick made.
public struct ClockEvent: Hashable, Sendable {
  /// The input that it followed; 0 before the first.
  public var afterSequence: UInt64
  /// Where the market clock was moved to.
  public var time: Timestamp

  /// Creates an event.
  public init(afterSequence: UInt64, time: Timestamp) {
    self.afterSequence = afterSequence
    self.time = time
  }
}
