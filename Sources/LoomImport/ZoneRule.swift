internal import LoomCore

/// The rule of a zone for all later years, as POSIX writes it: `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
  /// When in a year the clocks change.
  private enum Day {
    /// The day of the week (0 is Sunday) in a week of a month; week 5 is the last.
    case weekday(month: Int, week: Int, day: Int)
    /// The day of the year from 1, the leap day not counted.
    case julian(Int)
    /// The day of the year from 0, the leap day counted.
    case ordinal(Int)
  }

  private struct Change {
    var day: Day
    var seconds: Int64
  }

  private var standard: Int64 = 0
  private var summer: Int64 = 0
  private var changes: (begin: Change, end: Change)?

  /// Reads a rule; nil where the text is none.
  init?(_ text: String) {
    var scanner = Scanner(text: Array(text.utf8))
    guard scanner.skipName(), let offset = scanner.time() else { return nil }
    standard = -offset
    if scanner.isAtEnd { return }
    guard scanner.skipName() else { return nil }
    summer = standard + 3600
    if !scanner.isAtEnd, scanner.peek != 0x2C {
      guard let offset = scanner.time() else { return nil }
      summer = -offset
    }
    guard let begin = Self.change(&scanner), let end = Self.change(&scanner), scanner.isAtEnd else {
      return nil
    }
    changes = (begin, end)
  }

  /// The spans after `last`, the file's last transition in seconds, until 2201.
  func spans(after last: Int64?) -> [ZoneRules.Span] {
    guard let changes else {
      return last == nil ? [ZoneRules.Span(start: .min + 1, offset: standard)] : []
    }
    let from = last ?? Timestamp.earliest.nanoseconds / 1_000_000_000
    let firstYear = CivilTime(Timestamp(nanoseconds: from * 1_000_000_000)).year
    var spans: [ZoneRules.Span] = []
    for year in firstYear...max(firstYear, 2201) {
      spans.append(
        ZoneRules.Span(start: Self.second(changes.begin, year) - standard, offset: summer))
      spans.append(
        ZoneRules.Span(start: Self.second(changes.end, year) - summer, offset: standard))
    }
    spans.sort { $0.start < $1.start }
    return spans.filter { last == nil || $0.start > from }
  }

  // Local seconds since 1970 of a change, by the clock before it.
  private static func second(_ change: Change, _ year: Int) -> Int64 {
    let first = CivilTime.daysSince1970(year: year, month: 1, day: 1)
    let isLeap = CivilTime.daysSince1970(year: year + 1, month: 1, day: 1) - first == 366
    let days: Int
    switch change.day {
    case .ordinal(let day): days = first + day
    case .julian(let day): days = first + day - 1 + (isLeap && day >= 60 ? 1 : 0)
    case .weekday(let month, let week, let day):
      let start = CivilTime.daysSince1970(year: year, month: month, day: 1)
      let next =
        month == 12
        ? first + (isLeap ? 366 : 365)
        : CivilTime.daysSince1970(year: year, month: month + 1, day: 1)
      // 1970-01-01 was a Thursday.
      let weekday = ((start + 4) % 7 + 7) % 7
      var found = start + (day - weekday + 7) % 7 + (week - 1) * 7
      while found >= next { found -= 7 }
      days = found
    }
    return Int64(days) * 86_400 + change.seconds
  }

  private static func change(_ scanner: inout Scanner) -> Change? {
    guard scanner.take(0x2C) else { return nil }
    let day: Day
    if scanner.take(0x4D) {
      guard let month = scanner.number(), scanner.take(0x2E), let week = scanner.number(),
        scanner.take(0x2E), let weekday = scanner.number(), (1...12).contains(month),
        (1...5).contains(week), (0...6).contains(weekday)
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if scanner.take(0x4A) {
      guard let number = scanner.number(), (1...365).contains(number) else { return nil }
      day = .julian(number)
    } else {
      guard let number = scanner.number(), (0...365).contains(number) else { return nil }
      day = .ordinal(number)
    }
    guard scanner.take(0x2F) else { return Change(day: day, seconds: 7200) }
    return scanner.time().map { Change(day: day, seconds: $0) }
  }

  private struct Scanner {
    let text: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == text.count }
    var peek: UInt8 { isAtEnd ? 0 : text[index] }

    mutating func take(_ byte: UInt8) -> Bool {
      guard peek == byte, !isAtEnd else { return false }
      index += 1
      return true
    }

    // Letters, or anything in angle brackets.
    mutating func skipName() -> Bool {
      let start = index
      if take(0x3C) {
        while !isAtEnd, peek != 0x3E { index += 1 }
        return take(0x3E)
      }
      while peek | 0x20 >= 0x61, peek | 0x20 <= 0x7A { index += 1 }
      return index - start >= 3
    }

    mutating func number() -> Int? {
      let start = index
      var value = 0
      while peek &- 0x30 < 10, index - start < 4 {
        value = value * 10 + Int(peek - 0x30)
        index += 1
      }
      return index > start ? value : nil
    }

    // Seconds of `[+-]hh[:mm[:ss]]`.
    mutating func time() -> Int64? {
      let isNegative = peek == 0x2D
      if peek == 0x2D || peek == 0x2B { index += 1 }
      guard let hours = number() else { return nil }
      var seconds = hours * 3600
      for unit in [60, 1] where take(0x3A) {
        guard let value = number() else { return nil }
        seconds += value * unit
      }
      return Int64(isNegative ? -seconds : seconds)
    }
  }
}
