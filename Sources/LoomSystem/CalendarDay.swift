/// The text of the last day asked for, so that a run of times costs one calendar computation.
struct CalendarDay: BitwiseCopyable, Sendable {
  private var day = Int64.min
  private var year: UInt64 = 0
  private var month: UInt64 = 0
  private var dayOfMonth: UInt64 = 0

  /// The Gregorian date that is `days` after 1970-01-01.
  ///
  /// Counts from March, so that the leap day ends a year (Hinnant, "chrono-compatible low-level
  /// date algorithms", civil_from_days).
  mutating func date(daysSince1970 days: Int64) -> (year: UInt64, month: UInt64, day: UInt64) {
    if days != day { set(days) }
    return (year, month, dayOfMonth)
  }

  private mutating func set(_ days: Int64) {
    day = days
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let civilMonth = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = UInt64(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0))
    month = UInt64(civilMonth)
    dayOfMonth = UInt64(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
