internal import LoomSystem

/// Dates and times of day in the many ways people write them, each taken only where it has one
/// meaning.
struct CalendarText {
  /// Which of the first two numbers of a date is the day, where the year comes last.
  enum Order: Sendable {
    case dayFirst
    case monthFirst
  }

  /// What a text says.
  enum Outcome: Equatable {
    /// A time.
    case time(TimeText)
    /// A date such as 03/04/2020, whose order is not known; its two numbers and separator.
    case unordered(Int, Int, UInt8)
    /// A time of day without a date.
    case timeOfDay
    /// Nothing that is understood.
    case malformed
  }

  private let text: [UInt8]
  private var index = 0

  private init(_ text: [UInt8]) { self.text = text }

  /// Reads a time, blanks around it ignored.
  ///
  /// - Parameters:
  ///   - text: The field; a date and a time of day are joined by a blank.
  ///   - order: The order of dates that end in their year.
  ///   - takesFourteenDigits: Whether 20180309143000 is a time.
  /// - Returns: What it says; ``Outcome/malformed`` for anything not understood.
  static func parse(_ text: [UInt8], order: Order?, takesFourteenDigits: Bool = false) -> Outcome {
    var reader = CalendarText(trimmed(text))
    return reader.parse(order: order, takesFourteenDigits: takesFourteenDigits)
  }

  /// Whether `text` is a time of day, such as `9:05` or `09:05:00.5`.
  static func isTimeOfDay(_ text: String) -> Bool {
    parse(Array(text.utf8), order: nil) == .timeOfDay
  }

  private static func trimmed(_ text: [UInt8]) -> [UInt8] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(text[first...last])
  }

  private mutating func parse(order: Order?, takesFourteenDigits: Bool) -> Outcome {
    if let nanoseconds = clock(), index == text.count, text.contains(0x3A), nanoseconds >= 0 {
      return .timeOfDay
    }
    index = 0
    guard let date = date(order: order, takesFourteenDigits: takesFourteenDigits) else {
      return .malformed
    }
    switch date {
    case .unordered: return restIsLegal() ? date : .malformed
    case .time(var time):
      if index == text.count {
        return .time(time)
      }
      if time.date > 0, takesFourteenDigits, text.count == 14, let clock = clock() {
        time.kind = .local
        time.nanoseconds = clock
        return index == text.count ? .time(time) : .malformed
      }
      guard skipSeparator(), let clock = clock() else { return .malformed }
      time.kind = .local
      time.nanoseconds = clock
      if index == text.count { return .time(time) }
      guard let offset = offset(), index == text.count else { return .malformed }
      time.kind = .utc
      time.nanoseconds -= offset
      return .time(time)
    default: return .malformed
    }
  }

  private mutating func restIsLegal() -> Bool {
    if index == text.count { return true }
    guard skipSeparator(), clock() != nil else { return false }
    return index == text.count || (offset() != nil && index == text.count)
  }

  private mutating func skipSeparator() -> Bool {
    guard index < text.count else { return false }
    if text[index] | 0x20 == 0x74 {
      index += 1
      return true
    }
    guard text[index] == 0x20 else { return false }
    while index < text.count, text[index] == 0x20 { index += 1 }
    return true
  }

  // MARK: Dates

  private mutating func date(order: Order?, takesFourteenDigits: Bool) -> Outcome? {
    if let named = namedDate() { return .time(TimeText(kind: .date, date: named)) }
    index = 0
    guard let (first, count) = number(most: 8) else { return nil }
    if count == 8 {
      let isEnd = index == text.count || text[index] == 0x20 || text[index] | 0x20 == 0x74
      guard isEnd || (takesFourteenDigits && text.count == 14) else { return nil }
      return .time(TimeText(kind: .date, date: UInt32(first)))
    }
    guard index < text.count, [0x2D, 0x2E, 0x2F].contains(text[index]) else { return nil }
    let separator = text[index]
    index += 1
    guard let (second, secondCount) = number(most: 2), index < text.count, text[index] == separator
    else { return nil }
    index += 1
    guard let (third, thirdCount) = number(most: 4), secondCount <= 2 else { return nil }
    if count == 4, thirdCount <= 2 { return day(first, second, third) }
    guard count <= 2, thirdCount == 4 else { return nil }
    switch order {
    case .dayFirst: return day(third, second, first)
    case .monthFirst: return day(third, first, second)
    case nil: return .unordered(first, second, separator)
    }
  }

  private func day(_ year: Int, _ month: Int, _ day: Int) -> Outcome {
    .time(TimeText(kind: .date, date: UInt32(year * 10_000 + month * 100 + day)))
  }

  // `Jan 14, 2020`, `14 Jan 2020`, `14-Jan-2020`; the year has four digits.
  private mutating func namedDate() -> UInt32? {
    if let month = month() {
      skipBlanksAndDots()
      guard let (day, count) = number(most: 2), count > 0 else { return nil }
      if index < text.count, text[index] == 0x2C { index += 1 }
      skipBlanksAndDots()
      guard let (year, digits) = number(most: 4), digits == 4 else { return nil }
      return UInt32(year * 10_000 + month * 100 + day)
    }
    guard let (day, count) = number(most: 2), count > 0, index < text.count else { return nil }
    let separator = text[index]
    guard separator == 0x20 || separator == 0x2D else { return nil }
    index += 1
    guard let month = month(), index < text.count, text[index] == separator else { return nil }
    index += 1
    guard let (year, digits) = number(most: 4), digits == 4 else { return nil }
    return UInt32(year * 10_000 + month * 100 + day)
  }

  private mutating func skipBlanksAndDots() {
    while index < text.count, text[index] == 0x20 || text[index] == 0x2E { index += 1 }
  }

  private mutating func month() -> Int? {
    var end = index
    while end < text.count, text[end] | 0x20 >= 0x61, text[end] | 0x20 <= 0x7A { end += 1 }
    guard end - index >= 3 else { return nil }
    let word = String(decoding: text[index..<end], as: UTF8.self).lowercased()
    let names = [
      "january", "february", "march", "april", "may", "june", "july", "august", "september",
      "october", "november", "december",
    ]
    guard let place = names.firstIndex(where: { $0 == word || $0.prefix(3) == word }) else {
      return nil
    }
    index = end
    return place + 1
  }

  // MARK: Times of day

  // Nanoseconds since midnight: `h:mm`, `h:mm:ss.f`, `hhmm`, `hhmmss`, with `AM` or `PM`; `04-AM`.
  private mutating func clock() -> Int64? {
    guard let (first, count) = number(most: 6) else { return nil }
    var parts = [first, 0, 0]
    var fraction: Int64 = 0
    if index < text.count, text[index] == 0x3A {
      guard count <= 2 else { return nil }
      for place in 1...2 where index < text.count && text[index] == 0x3A {
        index += 1
        guard let (value, digits) = number(most: 2), digits > 0 else { return nil }
        parts[place] = value
      }
    } else if count == 4 {
      parts = [first / 100, first % 100, 0]
    } else if count == 6 {
      parts = [first / 10_000, first / 100 % 100, first % 100]
    } else if count > 2 {
      return nil
    }
    if index < text.count, text[index] == 0x2E || text[index] == 0x2C {
      index += 1
      fraction = nanosecondFraction()
    }
    if let isAfternoon = halfDay() {
      guard parts[0] >= 1, parts[0] <= 12 else { return nil }
      parts[0] = parts[0] % 12 + (isAfternoon ? 12 : 0)
    }
    guard parts[0] < 24, parts[1] < 60, parts[2] < 60 else { return nil }
    return Int64((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1_000_000_000 + fraction
  }

  // Nine digits count, later ones are cut off.
  private mutating func nanosecondFraction() -> Int64 {
    var value: Int64 = 0
    var left = 9
    while index < text.count, text[index] &- 0x30 < 10 {
      if left > 0 {
        value = value * 10 + Int64(text[index] - 0x30)
        left -= 1
      }
      index += 1
    }
    for _ in 0..<left { value *= 10 }
    return value
  }

  private mutating func halfDay() -> Bool? {
    var end = index
    if end < text.count, text[end] == 0x20 || text[end] == 0x2D { end += 1 }
    guard end + 2 <= text.count, text[end + 1] | 0x20 == 0x6D else { return nil }
    let letter = text[end] | 0x20
    guard letter == 0x61 || letter == 0x70 else { return nil }
    index = end + 2
    return letter == 0x70
  }

  // Nanoseconds east of UTC: `Z`, `UTC`, `GMT`, `±hh`, `±hhmm`, `±hh:mm`, after at most one blank.
  private mutating func offset() -> Int64? {
    if index < text.count, text[index] == 0x20 { index += 1 }
    let rest = String(decoding: text[index...], as: UTF8.self).uppercased()
    if rest == "Z" || rest == "UTC" || rest == "GMT" {
      index = text.count
      return 0
    }
    guard let sign = text[index...].first, sign == 0x2B || sign == 0x2D else { return nil }
    index += 1
    guard let (value, count) = number(most: 4), count == 2 || count == 4 else { return nil }
    var (hours, minutes) = (value, 0)
    if count == 4 {
      (hours, minutes) = (value / 100, value % 100)
    } else if index < text.count, text[index] == 0x3A {
      index += 1
      guard let (part, digits) = number(most: 2), digits == 2 else { return nil }
      minutes = part
    }
    guard hours < 24, minutes < 60 else { return nil }
    let seconds = Int64((hours * 60 + minutes) * 60)
    return (sign == 0x2D ? -seconds : seconds) * 1_000_000_000
  }

  // Up to `most` digits; nil without any.
  private mutating func number(most: Int) -> (value: Int, count: Int)? {
    let start = index
    var value = 0
    while index < text.count, index - start < most, text[index] &- 0x30 < 10 {
      value = value * 10 + Int(text[index] - 0x30)
      index += 1
    }
    return index > start ? (value, index - start) : nil
  }
}
