/// The unit of a time column.
public enum TimeUnit: String, CaseIterable, Sendable {
  /// Seconds since 1970.
  case seconds = "s"
  /// Milliseconds since 1970.
  case milliseconds = "ms"
  /// Microseconds since 1970.
  case microseconds = "us"
  /// Nanoseconds since 1970.
  case nanoseconds = "ns"
  /// Calendar dates.
  case iso

  /// How many decimal places a unit lies above the nanosecond; nil for dates.
  var decimals: Int? {
    switch self {
    case .seconds: 9
    case .milliseconds: 6
    case .microseconds: 3
    case .nanoseconds: 0
    case .iso: nil
    }
  }
}
