internal import CCharConv

extension TextBuffer {
  /// Appends a whole number in decimal.
  public mutating func append(_ value: Int) { append(Int64(value)) }

  /// Appends a whole number in decimal.
  public mutating func append(_ value: Int64) {
    if value < 0 { append(byte: UInt8(ascii: "-")) }
    append(value.magnitude)
  }

  /// Appends a whole number in decimal.
  public mutating func append(_ value: UInt64) {
    let width = Self.digitCount(value)
    let end = unsafe room(for: width)
    unsafe Self.write(value, width: width, to: end)
    advance(by: width)
  }

  /// Appends the shortest decimal text that reads back as `value`; nothing where it is NaN.
  ///
  /// Fixed or scientific notation, whichever is shorter, fixed where they tie, as std::to_chars.
  public mutating func append(_ value: Double) {
    if value.isNaN { return }
    if appendShortDecimal(value) || appendDecimal(value) { return }
    let end = unsafe room(for: 24)
    advance(by: unsafe loom_format_double(value, end.assumingMemoryBound(to: CChar.self)))
  }

  /// Appends `true` or `false`.
  public mutating func append(_ value: Bool) { append(value ? "true" : "false") }

  /// Writes the last `width` decimal digits of `value`.
  @inline(__always)
  static func write(_ value: UInt64, width: Int, to start: UnsafeMutableRawPointer) {
    var rest = value
    var place = width
    while place >= 8 {
      let (quotient, eight) = rest.quotientAndRemainder(dividingBy: 100_000_000)
      place -= 8
      unsafe start.storeBytes(of: eightDigits(eight), toByteOffset: place, as: UInt64.self)
      rest = quotient
    }
    var short = UInt32(truncatingIfNeeded: rest)
    while place >= 2 {
      place -= 2
      unsafe writePair(short % 100, to: start + place)
      short /= 100
    }
    if place == 1 {
      unsafe start.storeBytes(of: UInt8(ascii: "0") + UInt8(short % 10), as: UInt8.self)
    }
  }

  @inline(__always)
  private static func writePair(_ value: UInt32, to start: UnsafeMutableRawPointer) {
    let text = unsafe digitPairs.loadUnaligned(fromByteOffset: Int(value) * 2, as: UInt16.self)
    unsafe start.storeBytes(of: text, as: UInt16.self)
  }

  @inline(__always)
  static func digitCount(_ value: UInt64) -> Int {
    if value < 100_000_000 { return shortDigitCount(value) }
    if value < 10_000_000_000_000_000 { return 8 + shortDigitCount(value / 100_000_000) }
    return 16 + shortDigitCount(value / 10_000_000_000_000_000)
  }

  @inline(__always)
  private static func shortDigitCount(_ value: UInt64) -> Int {
    if value < 10_000 { return value < 100 ? (value < 10 ? 1 : 2) : (value < 1000 ? 3 : 4) }
    if value < 1_000_000 { return value < 100_000 ? 5 : 6 }
    return value < 10_000_000 ? 7 : 8
  }

  /// `00` … `99`; the bytes of a static string, so that no access checks for its first use.
  private static var digitPairs: UnsafeRawPointer {
    let text: StaticString = """
      00010203040506070809101112131415161718192021222324252627282930313233343536373839\
      40414243444546474849505152535455565758596061626364656667686970717273747576777879\
      8081828384858687888990919293949596979899
      """
    return unsafe UnsafeRawPointer(text.utf8Start)
  }
}
