public import LoomCore

/// An input that was rejected.
public struct Reject: BitwiseCopyable, Hashable, Sendable {
  /// Its place in the order of the inputs.
  public var sequence: UInt64
  /// Why.
  public var reason: RejectReason

  /// Creates a record.
  public init(sequence: UInt64, reason: RejectReason) {
    self.sequence = sequence
    self.reason = reason
  }
}
