extension Timestamp {
  /// Reads a date (UTC midnight), or a date and a time of day with `Z` or an offset.
  ///
  /// `2014-05-05`, `2014-05-05T12:00:00Z`, `2014-05-05 12:00:00.25+02:00`; nil for any other text
  /// and outside 1900-01-01 … 2200-01-01.
  public init?(_ text: some StringProtocol) {
    var rest = Substring(text)[...]
    guard let days = Self.takeDate(&rest) else { return nil }
    var nanoseconds = Int64(days) * 86_400_000_000_000
    if !rest.isEmpty {
      guard rest.first == "T" || rest.first == " " else { return nil }
      rest.removeFirst()
      guard let clock = Self.takeClock(&rest), let offset = Self.takeOffset(&rest), rest.isEmpty
      else { return nil }
      nanoseconds += clock - offset
    }
    self.init(nanoseconds: nanoseconds)
    if self < .earliest || self >= .end { return nil }
  }

  private static func takeDate(_ rest: inout Substring) -> Int? {
    guard let year = take(4, of: &rest), take("-", of: &rest), let month = take(2, of: &rest),
      take("-", of: &rest), let day = take(2, of: &rest), (1...12).contains(month)
    else { return nil }
    let days = CivilTime.daysSince1970(year: year, month: month, day: day)
    // One year more on either side, for the sake of offsets; far beyond, nanoseconds overflow.
    return CivilTime.date(daysSince1970: days) == (year, month, day) && (1899...2200).contains(year)
      ? days : nil
  }

  private static func takeClock(_ rest: inout Substring) -> Int64? {
    guard let hour = take(2, of: &rest), take(":", of: &rest), let minute = take(2, of: &rest),
      hour < 24, minute < 60
    else { return nil }
    var nanoseconds = Int64(hour * 60 + minute) * 60_000_000_000
    if take(":", of: &rest) {
      guard let second = take(2, of: &rest), second < 60 else { return nil }
      nanoseconds += Int64(second) * 1_000_000_000
      if take(".", of: &rest) {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest.removeFirst(digits.count)
        guard let fraction = Int64(digits.prefix(9)) else { return nil }
        nanoseconds += (digits.count..<max(9, digits.count)).reduce(fraction) { sum, _ in sum * 10 }
      }
    }
    return nanoseconds
  }

  private static func takeOffset(_ rest: inout Substring) -> Int64? {
    if take("Z", of: &rest) { return 0 }
    let sign: Int64 = rest.first == "-" ? -1 : 1
    guard take("+", of: &rest) || take("-", of: &rest), let hours = take(2, of: &rest) else {
      return nil
    }
    _ = take(":", of: &rest)
    guard let minutes = take(2, of: &rest), hours < 24, minutes < 60 else { return nil }
    return sign * Int64(hours * 60 + minutes) * 60_000_000_000
  }

  private static func take(_ digits: Int, of rest: inout Substring) -> Int? {
    let text = rest.prefix(digits)
    guard text.count == digits, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    rest.removeFirst(digits)
    return Int(text)
  }

  private static func take(_ character: Character, of rest: inout Substring) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }
}
