/// A time as a field spells it, not yet placed on the time line.
public struct TimeText: BitwiseCopyable, Equatable, Sendable {
  /// What the text says.
  public enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// Something else than the plain layout; to be read by other means.
    case unusual
    /// A date alone.
    case date
    /// A date and a time of day without an offset.
    case local
    /// A date and a time of day with an offset from UTC, which `nanoseconds` already includes.
    case utc
  }

  /// Nanoseconds since midnight, less the offset: may be negative or exceed a day.
  public var nanoseconds: Int64
  /// The date as eight decimal digits, for example 20140504; the day may not exist.
  public var date: UInt32
  /// What the text says.
  public var kind: Kind

  /// Creates a time.
  public init(kind: Kind = .unusual, date: UInt32 = 0, nanoseconds: Int64 = 0) {
    self.kind = kind
    self.date = date
    self.nanoseconds = nanoseconds
  }
}
