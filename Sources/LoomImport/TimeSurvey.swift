internal import LoomSystem

/// Counts what the first times of a file look like, to decide what they mean or why not.
struct TimeSurvey {
  private typealias Sample = (line: Int, text: String)

  private let path: String
  private var total = 0
  private var zoned = 0
  private var local = 0
  private var firstLocal: Sample?
  private var firstUnordered: Sample?
  private var firstTimeOfDay: Sample?
  private var firstMalformed: Sample?
  private var understood = 0
  private var dayFirst = 0
  private var monthFirst = 0
  private var unordered = 0
  private var dotted = 0

  init(path: String) { self.path = path }

  mutating func take(_ outcome: CalendarText.Outcome, line: Int, text: [UInt8]) {
    total += 1
    switch outcome {
    case .time(let time):
      understood += 1
      if time.kind == .utc { zoned += 1 }
      if time.kind == .local { takeLocal(line, text) }
    case .unordered(let first, let second, let separator):
      unordered += 1
      Self.note(&firstUnordered, line, text)
      if first > 12, second <= 12 { dayFirst += 1 }
      if second > 12, first <= 12 { monthFirst += 1 }
      if separator == 0x2E { dotted += 1 }
      if text.contains(0x3A), !Self.hasOffset(text) { takeLocal(line, text) }
    case .timeOfDay: Self.note(&firstTimeOfDay, line, text)
    case .malformed: Self.note(&firstMalformed, line, text)
    }
  }

  private mutating func takeLocal(_ line: Int, _ text: [UInt8]) {
    local += 1
    Self.note(&firstLocal, line, text)
  }

  private static func note(_ sample: inout Sample?, _ line: Int, _ text: [UInt8]) {
    if sample == nil { sample = (line, String(String(decoding: text, as: UTF8.self).prefix(40))) }
  }

  private static func hasOffset(_ text: [UInt8]) -> Bool {
    let outcome = CalendarText.parse(text, order: .dayFirst)
    if case .time(let time) = outcome { return time.kind == .utc }
    return false
  }

  /// The order of dates that end in their year, nil where none do.
  ///
  /// - Throws: ``ImportError`` where the times have no single meaning.
  func order(hasZone: Bool) throws(ImportError) -> CalendarText.Order? {
    if total > 0, understood + unordered == 0 { throw notUnderstood() }
    let order = try order()
    if local > zoned, !hasZone, let firstLocal {
      throw refusal(
        firstLocal,
        "has no offset from UTC; say where its clock hangs with --time-zone, "
          + "for example --time-zone UTC or --time-zone America/New_York")
    }
    return order
  }

  private func order() throws(ImportError) -> CalendarText.Order? {
    guard let firstUnordered, unordered > understood else { return nil }
    if dayFirst > 0, monthFirst == 0 { return .dayFirst }
    if monthFirst > 0, dayFirst == 0 { return .monthFirst }
    // With dots the day stands first wherever such dates are written (CLDR has no month first).
    if dotted == unordered, monthFirst == 0 { return .dayFirst }
    throw refusal(
      firstUnordered,
      "may be day/month or month/day and no row settles it; no option helps, "
        + "write dates as 2020-04-03")
  }

  private func notUnderstood() -> ImportError {
    if let firstTimeOfDay {
      return refusal(
        firstTimeOfDay,
        "is a time of day without a date; where the file has one, join both, "
          + "as in --columns time=date+time")
    }
    return refusal(
      firstMalformed ?? (1, ""),
      "is no time that is understood; name another column with "
        + "--columns time=NAME, or write times as 2020-04-03T14:30:00Z")
  }

  private func refusal(_ sample: (line: Int, text: String), _ why: String) -> ImportError {
    ImportError(.unreadable, "\(path), line \(sample.line): the time `\(sample.text)` \(why)")
  }
}
