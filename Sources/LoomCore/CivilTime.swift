/// A moment as the parts of a calendar date and a time of day, in UTC, in the Gregorian calendar.
@frozen
public struct CivilTime: BitwiseCopyable, Hashable, Sendable {
  /// The year, for example 2014.
  public var year: Int
  /// The month, 1 … 12.
  public var month: Int
  /// The day of the month, 1 … 31.
  public var day: Int
  /// The hour, 0 … 23.
  public var hour: Int
  /// The minute, 0 … 59.
  public var minute: Int
  /// The second, 0 … 59.
  public var second: Int
  /// The nanosecond, 0 … 999,999,999.
  public var nanosecond: Int

  /// Takes a moment apart.
  public init(_ time: Timestamp) {
    let perDay = Int64(86_400_000_000_000)
    let days = Int(time.nanoseconds.dividedFloor(by: perDay))
    let rest = Int(time.nanoseconds - Int64(days) * perDay)
    (year, month, day) = Self.date(daysSince1970: days)
    nanosecond = rest % 1_000_000_000
    let seconds = rest / 1_000_000_000
    hour = seconds / 3600
    minute = seconds / 60 % 60
    second = seconds % 60
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar.
  ///
  /// Counts from March, so that the leap day ends a year (Hinnant, "chrono-compatible low-level
  /// date algorithms", days_from_civil). Months and days outside their range are not checked.
  @inlinable
  public static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date that is `days` after 1970-01-01; the inverse of ``daysSince1970(year:month:day:)``.
  @inlinable
  public static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (
      yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity; `divisor` is positive.
  @inlinable
  package func dividedFloor(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
