public import LoomCore

/// What a run held after an input, from which it can go on without those before.
public struct StoreSnapshot: Sendable {
  /// The input after which it was taken.
  public let sequence: UInt64
  /// The state, which only whoever wrote it understands.
  public let state: [UInt8]
  /// How many moves of the market clock it stands behind; nil for all that the store has by then.
  public let passedClockEvents: Int?
  /// How far the market was known to be, by which retention goes; ``LoomCore/Timestamp/distantPast``
  /// where that is not known, and then nothing is deleted.
  public let time: Timestamp

  /// Creates a snapshot.
  public init(
    sequence: UInt64, state: [UInt8], passedClockEvents: Int? = nil,
    time: Timestamp = .distantPast
  ) {
    self.sequence = sequence
    self.state = state
    self.passedClockEvents = passedClockEvents
    self.time = time
  }
}
