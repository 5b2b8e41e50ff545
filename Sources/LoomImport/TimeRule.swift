/// How the texts of a time column are understood.
enum TimeRule {
  /// A count since 1970 of `unit`; another magnitude than the unit's is malformed if `isChecked`.
  case epoch(TimeUnit, isChecked: Bool)
  /// Calendar dates; `order` where the year comes last, `zone` for times without offset.
  case calendar(order: CalendarText.Order?, takesFourteenDigits: Bool, zone: ZoneRules?)
}

/// What became of a row's time.
enum TimeState: UInt8 {
  /// A moment between 1900 and 2200.
  case legal
  /// A text that is no time, or a local time that does not exist.
  case malformed
  /// Before 1900.
  case early
  /// From 2200 on.
  case late
  /// A local time that DST made happen twice; the first of the two.
  case twofold
}
