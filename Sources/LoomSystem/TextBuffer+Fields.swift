extension TextBuffer {
  /// Appends a time as `2014-05-04T21:00:18.080000000Z`.
  ///
  /// - Parameter nanoseconds: Since 1970-01-01T00:00:00Z, in UTC; any value is legal.
  public mutating func append(timeNanoseconds nanoseconds: Int64) {
    let perDay: Int64 = 86_400_000_000_000
    var days = nanoseconds / perDay
    if nanoseconds % perDay < 0 { days -= 1 }
    let rest = UInt64(nanoseconds &- days &* perDay)
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000_000)
    let (year, month, day) = calendar.date(daysSince1970: days)

    let end = unsafe room(for: 30)
    unsafe end.copyMemory(from: Self.emptyTime, byteCount: 30)
    unsafe Self.write(year, width: 4, to: end)
    unsafe Self.write(month, width: 2, to: end + 5)
    unsafe Self.write(day, width: 2, to: end + 8)
    unsafe Self.write(seconds / 3600, width: 2, to: end + 11)
    unsafe Self.write(seconds / 60 % 60, width: 2, to: end + 14)
    unsafe Self.write(seconds % 60, width: 2, to: end + 17)
    unsafe Self.write(fraction, width: 9, to: end + 20)
    advance(by: 30)
  }

  private static var emptyTime: UnsafeRawPointer {
    let text: StaticString = "0000-00-00T00:00:00.000000000Z"
    return unsafe UnsafeRawPointer(text.utf8Start)
  }

  /// Appends a field of a CSV row, in quotes where it holds a comma, a quote or a line break.
  public mutating func append(field text: String) {
    append(field: text.utf8Span.span)
  }

  /// Appends a field of a CSV row, in quotes where it holds a comma, a quote or a line break.
  public mutating func append(field bytes: Span<UInt8>) {
    guard Self.needsQuotes(bytes) else { return append(bytes) }
    let quote = UInt8(ascii: "\"")
    append(byte: quote)
    for index in bytes.indices {
      if bytes[index] == quote { append(byte: quote) }
      append(byte: bytes[index])
    }
    append(byte: quote)
  }

  private static func needsQuotes(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        return true
      default: continue
      }
    }
    return false
  }
}
