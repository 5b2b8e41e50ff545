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
    if appendShortDecimal(value) { return }
    let end = unsafe room(for: 24)
    advance(by: unsafe loom_format_double(value, end.assumingMemoryBound(to: CChar.self)))
  }

  /// Appends `true` or `false`.
  public mutating func append(_ value: Bool) { append(value ? "true" : "false") }

  /// Appends a value with at most six decimals, as prices and sizes are, five times as fast.
  ///
  /// Exact: n and 10^6 are exact doubles, so n / 10^6 is the double nearest to that decimal, and
  /// no two decimals of at most 15 digits share a double, so without its trailing zeros it is
  /// the shortest. False, and nothing appended, where that does not settle it.
  private mutating func appendShortDecimal(_ value: Double) -> Bool {
    let magnitude = value.magnitude
    guard magnitude >= 1e-3, magnitude < 1e9 else { return false }
    let scaled = (magnitude * 1e6).rounded(.toNearestOrEven)
    guard scaled / 1e6 == magnitude else { return false }
    let (whole, fraction) = UInt64(scaled).quotientAndRemainder(dividingBy: 1_000_000)
    // From five trailing zeros on the scientific form can be the shorter one.
    if fraction == 0 && whole % 100_000 == 0 { return false }
    if value < 0 { append(byte: UInt8(ascii: "-")) }
    append(whole)
    if fraction != 0 { append(sixDecimals: fraction) }
    return true
  }

  private mutating func append(sixDecimals fraction: UInt64) {
    let end = unsafe room(for: 7)
    unsafe end.storeBytes(of: UInt8(ascii: "."), as: UInt8.self)
    unsafe Self.write(fraction, width: 6, to: end + 1)
    var width = 7
    while unsafe end.load(fromByteOffset: width - 1, as: UInt8.self) == UInt8(ascii: "0") {
      width -= 1
    }
    advance(by: width)
  }

  /// Writes the last `width` decimal digits of `value`.
  static func write(_ value: UInt64, width: Int, to start: UnsafeMutableRawPointer) {
    var rest = value
    var place = width
    while place >= 2 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      place -= 2
      let text = unsafe digitPairs.loadUnaligned(fromByteOffset: Int(pair) * 2, as: UInt16.self)
      unsafe start.storeBytes(of: text, toByteOffset: place, as: UInt16.self)
      rest = quotient
    }
    if place == 1 {
      unsafe start.storeBytes(of: UInt8(ascii: "0") + UInt8(rest % 10), as: UInt8.self)
    }
  }

  static func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var limit: UInt64 = 10
    while value >= limit {
      count += 1
      if count == 20 { break }
      limit *= 10
    }
    return count
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
