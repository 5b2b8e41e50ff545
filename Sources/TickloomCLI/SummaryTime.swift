internal import Tickloom

/// Moments and spans as a person reads them, always in UTC.
enum SummaryTime {
  /// `2014-05-04 21:00:18.08 UTC`: no more digits than the moment has, at least the minute.
  static func instant(_ time: Timestamp) -> String {
    date(time) + " " + clock(time) + " UTC"
  }

  /// The same of a bar's start, with the seconds where bars of `timeframe` begin at some.
  static func instant(_ time: Timestamp, of timeframe: Timeframe) -> String {
    let clock = clock(time)
    let isCut = clock.utf8.count == 5 && timeframe.span < .seconds(60)
    return date(time) + " " + clock + (isCut ? ":00" : "") + " UTC"
  }

  /// `2014-05-04`.
  static func date(_ time: Timestamp) -> String {
    let civil = CivilTime(time)
    return "\(digits(civil.year, 4))-\(digits(civil.month, 2))-\(digits(civil.day, 2))"
  }

  /// `21:00`, `21:00:18` or `21:00:18.08`.
  static func clock(_ time: Timestamp) -> String {
    let civil = CivilTime(time)
    let minutes = "\(digits(civil.hour, 2)):\(digits(civil.minute, 2))"
    if civil.second == 0 && civil.nanosecond == 0 { return minutes }
    let seconds = "\(minutes):\(digits(civil.second, 2))"
    if civil.nanosecond == 0 { return seconds }
    var fraction = digits(civil.nanosecond, 9)
    while fraction.last == "0" { fraction.removeLast() }
    return "\(seconds).\(fraction)"
  }

  /// `value` with zeros before it.
  static func digits(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// The span, rounded up to two digits in a unit the options know: `2200ms`, `15s`.
  ///
  /// Rounded up, because a shorter lateness would keep less than was promised.
  static func roundedUp(_ span: Nanoseconds) -> Nanoseconds {
    let units: [Int64] = [
      1, 1000, 1_000_000, 1_000_000_000, 60_000_000_000, 3_600_000_000_000,
    ]
    let unit = units.last { span.count >= 10 * $0 } ?? 1
    var step = unit
    while span.count / step >= 100 { step *= 10 }
    let (steps, rest) = span.count.quotientAndRemainder(dividingBy: step)
    let (rounded, overflow) = (rest > 0 ? steps + 1 : steps).multipliedReportingOverflow(by: step)
    return overflow ? span : Nanoseconds(rounded)
  }
}
