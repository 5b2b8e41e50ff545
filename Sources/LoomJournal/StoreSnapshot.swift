/// What a run held after an input, from which it can go on without those before.
public struct StoreSnapshot: Sendable {
  /// The input after which it was taken.
  public let sequence: UInt64
  /// The state, which only whoever wrote it understands.
  public let state: [UInt8]

  /// Creates a snapshot.
  public init(sequence: UInt64, state: [UInt8]) {
    self.sequence = sequence
    self.state = state
  }
}
