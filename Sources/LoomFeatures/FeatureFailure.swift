public import LoomCore

/// A feature that threw, and why.
public struct FeatureFailure: Hashable, Sendable {
  /// The name of its first value.
  public let name: String
  /// Start of the bar at which it threw.
  public let start: Timestamp
  /// What it threw, as text.
  public let reason: String

  /// Creates a failure.
  public init(name: String, start: Timestamp, reason: String) {
    self.name = name
    self.start = start
    self.reason = reason
  }
}
