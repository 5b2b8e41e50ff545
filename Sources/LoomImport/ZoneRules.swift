/// The offsets of a time zone from UTC.
struct ZoneRules {
  /// The moments a local time can mean.
  enum Moments: Equatable {
    /// It does not exist.
    case none
    /// Nanoseconds since 1970 in UTC.
    case one(Int64)
    /// It happens twice.
    case two(Int64, Int64)
  }

  /// What a local time, as nanoseconds since 1970-01-01T00:00 local, means.
  func moments(ofLocal local: Int64) -> Moments { .none }
}
