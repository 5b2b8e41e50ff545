public import LoomCore

/// How a ``Journal`` keeps what it is given.
public struct JournalOptions: Hashable, Sendable {
  /// What a commit makes inputs outlive: the process, or the machine.
  public let durability: Durability
  /// The longest that an input waits for others to share a commit with.
  public let interval: Nanoseconds
  /// With so many inputs a commit does not wait any longer.
  public let groupCount: Int
  /// Most inputs on their way to the journal's thread.
  public let capacity: Int

  /// Checks and joins the settings.
  ///
  /// - Parameters:
  ///   - durability: ``Durability/os``, or ``Durability/disk``.
  ///   - interval: 0 s … 1 min.
  ///   - groupCount: 1 … 65,536.
  ///   - capacity: A power of two, 2 … 2²⁴; each place has 88 bytes.
  /// - Throws: ``JournalError/option(field:value:allowed:)``.
  public init(
    durability: Durability = .os, interval: Nanoseconds = Nanoseconds(5_000_000),
    groupCount: Int = 65_536, capacity: Int = 131_072
  ) throws(JournalError) {
    if durability == .memory {
      throw .option(field: "durability", value: "memory", allowed: "os or disk")
    }
    guard interval >= .zero, interval <= .seconds(60) else {
      throw .option(field: "interval", value: "\(interval)", allowed: "0s … 1m")
    }
    guard (1...65_536).contains(groupCount) else {
      throw .option(field: "groupCount", value: "\(groupCount)", allowed: "1 … 65536")
    }
    guard (2...1 << 24).contains(capacity), capacity & (capacity - 1) == 0 else {
      throw .option(
        field: "capacity", value: "\(capacity)", allowed: "a power of two, 2 … 16777216")
    }
    self.durability = durability
    self.interval = interval
    self.groupCount = groupCount
    self.capacity = capacity
  }
}
