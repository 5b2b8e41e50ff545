internal import CCharConv

/// Decimal numbers as text: exact, whatever their length.
public enum NumberText {
  /// What a field holds.
  public enum Value: Equatable, Sendable {
    /// Nothing: empty, `nan`, `null`, `none`, `na`, `n/a` or `-`, in any case.
    case absent
    /// A number, correctly rounded; infinite where it is beyond the range of double.
    case number(Double)
    /// Some other text.
    case malformed
  }

  /// Reads one field, blanks around it ignored.
  ///
  /// A number is digits with at most one `mark` among them, an optional sign, an optional decimal
  /// exponent; or `inf` or `infinity` in any case.
  public static func parse(_ text: [UInt8], mark: UInt8 = 0x2E) -> Value {
    unsafe text.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return .absent }
      return unsafe parse(start, start + buffer.count, mark: mark)
    }
  }

  static func parse(
    _ first: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>, mark: UInt8
  ) -> Value {
    var (start, end) = unsafe (first, last)
    while unsafe start < end, unsafe isBlank(start.pointee) { unsafe start += 1 }
    while unsafe start < end, unsafe isBlank((end - 1).pointee) { unsafe end -= 1 }
    let count = unsafe end - start
    if count == 0 { return .absent }
    let text = unsafe UnsafeBufferPointer(start: start, count: count)
    if unsafe hasNumberSyntax(text, mark: mark) { return unsafe convert(text, mark: mark) }
    if count > 9 { return .malformed }
    switch unsafe String(decoding: text, as: UTF8.self).lowercased() {
    case "nan", "null", "none", "na", "n/a", "-": return .absent
    case "inf", "+inf", "infinity", "+infinity": return .number(.infinity)
    case "-inf", "-infinity": return .number(-.infinity)
    default: return .malformed
    }
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func hasNumberSyntax(_ text: UnsafeBufferPointer<UInt8>, mark: UInt8) -> Bool {
    var index = 0
    func digits() -> Int {
      let start = index
      while index < text.count, unsafe isDigit(text[index]) { index += 1 }
      return index - start
    }
    if unsafe text[0] == 0x2B || text[0] == 0x2D { index = 1 }
    var count = digits()
    if index < text.count, unsafe text[index] == mark {
      index += 1
      count += digits()
    }
    if count == 0 { return false }
    if index < text.count, unsafe text[index] | 0x20 == 0x65 {
      index += 1
      if index < text.count, unsafe text[index] == 0x2B || text[index] == 0x2D { index += 1 }
      if digits() == 0 { return false }
    }
    return index == text.count
  }

  private static func convert(_ text: UnsafeBufferPointer<UInt8>, mark: UInt8) -> Value {
    var value = 0.0
    if mark != 0x2E {
      let dotted = unsafe text.map { CChar(bitPattern: $0 == mark ? 0x2E : $0) }
      let isNumber = unsafe loom_parse_double(dotted, dotted.count, &value) == 1
      return isNumber ? .number(value) : .malformed
    }
    let isNumber = unsafe text.withMemoryRebound(to: CChar.self) { characters in
      unsafe loom_parse_double(characters.baseAddress, characters.count, &value) == 1
    }
    return isNumber ? .number(value) : .malformed
  }
}
