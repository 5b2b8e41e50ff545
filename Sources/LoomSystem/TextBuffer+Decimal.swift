extension TextBuffer {
  /// Appends a value with at most six decimals, as prices and sizes are; the fastest way.
  ///
  /// Exact: n and 10^6 are exact doubles, so n / 10^6 is the double nearest to that decimal, and
  /// no two decimals of at most 15 digits share a double, so without its trailing zeros it is
  /// the shortest. False, and nothing appended, where that does not settle it.
  mutating func appendShortDecimal(_ value: Double) -> Bool {
    let magnitude = value.magnitude
    guard magnitude >= 1e-3, magnitude < 1e9 else { return false }
    // From 2^52 on doubles are whole, so the sum is rounded and its low bits are the number.
    let shifted = magnitude * 1e6 + 0x1p52
    guard (shifted - 0x1p52) / 1e6 == magnitude else { return false }
    let millionths = shifted.bitPattern & 0xF_FFFF_FFFF_FFFF
    let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    // From five trailing zeros on the scientific form can be the shorter one.
    if fraction == 0 && whole % 100_000 == 0 { return false }

    let start = unsafe room(for: 32)
    unsafe start.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
    let sign = value < 0 ? 1 : 0
    let width = sign + Self.digitCount(whole)
    unsafe Self.write(whole, width: width - sign, to: start + sign)
    if fraction == 0 {
      advance(by: width)
      return true
    }
    unsafe start.storeBytes(of: UInt8(ascii: "."), toByteOffset: width, as: UInt8.self)
    let decimals = Self.eightDigits(fraction * 100)
    unsafe start.storeBytes(of: decimals, toByteOffset: width + 1, as: UInt64.self)
    let zeroBits = (decimals.littleEndian ^ 0x3030_3030_3030_3030).leadingZeroBitCount
    advance(by: width + 1 + 8 - zeroBits / 8)
    return true
  }

  /// Appends a number of ordinary size in its shortest form; false, and nothing, for any other.
  mutating func appendDecimal(_ value: Double) -> Bool {
    guard let decimal = ShortestDecimal(value.magnitude) else { return false }
    // More than is counted in the end: digits are written 17 at a time, zeros 8.
    let start = unsafe room(for: 40)
    unsafe start.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
    let sign = value.sign == .minus ? 1 : 0
    advance(by: unsafe Self.write(decimal, to: start + sign) + sign)
    return true
  }

  /// Writes the shorter notation, fixed where they tie; returns how many bytes count.
  @inline(__always)
  private static func write(_ decimal: ShortestDecimal, to start: UnsafeMutableRawPointer) -> Int {
    let width = decimal.width
    let power = decimal.power
    let scientificWidth = width + (width > 1 ? 5 : 4)
    if power < 0 {
      let zeros = -power - 1
      if 2 + zeros + width > scientificWidth { return unsafe writeScientific(decimal, start) }
      unsafe start.storeBytes(of: zerosAndPoint, as: UInt64.self)
      unsafe writeSeventeen(decimal.digits, to: start + 2 + zeros)
      return 2 + zeros + width
    }
    if power + 1 >= width {
      if power + 1 > scientificWidth { return unsafe writeScientific(decimal, start) }
      unsafe writeSeventeen(decimal.digits, to: start)
      return power + 1
    }
    // Written one byte too far, so that the whole part can move before the point.
    unsafe writeSeventeen(decimal.digits, to: start + 1)
    unsafe start.copyMemory(from: start + 1, byteCount: power + 1)
    unsafe start.storeBytes(of: UInt8(ascii: "."), toByteOffset: power + 1, as: UInt8.self)
    return width + 1
  }

  /// Writes `d.ddde±dd`.
  private static func writeScientific(
    _ decimal: ShortestDecimal, _ start: UnsafeMutableRawPointer
  ) -> Int {
    unsafe writeSeventeen(decimal.digits, to: start + 1)
    unsafe start.storeBytes(of: start.load(fromByteOffset: 1, as: UInt8.self), as: UInt8.self)
    unsafe start.storeBytes(of: UInt8(ascii: "."), toByteOffset: 1, as: UInt8.self)
    let end = decimal.width > 1 ? decimal.width + 1 : 1
    unsafe start.storeBytes(of: UInt8(ascii: "e"), toByteOffset: end, as: UInt8.self)
    let sign = UInt8(ascii: decimal.power < 0 ? "-" : "+")
    unsafe start.storeBytes(of: sign, toByteOffset: end + 1, as: UInt8.self)
    unsafe write(UInt64(decimal.power.magnitude), width: 2, to: start + end + 2)
    return end + 4
  }

  /// Writes exactly 17 digits.
  @inline(__always)
  private static func writeSeventeen(_ digits: UInt64, to start: UnsafeMutableRawPointer) {
    let (upper, low) = digits.quotientAndRemainder(dividingBy: 100_000_000)
    let (first, middle) = upper.quotientAndRemainder(dividingBy: 100_000_000)
    let letter = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: first)
    unsafe start.storeBytes(of: letter, as: UInt8.self)
    unsafe start.storeBytes(of: eightDigits(middle), toByteOffset: 1, as: UInt64.self)
    unsafe start.storeBytes(of: eightDigits(low), toByteOffset: 9, as: UInt64.self)
  }

  /// The eight characters of a number below 10^8, the first in the lowest byte of memory.
  ///
  /// Splits all parts at once: 2 × 4 digits, 4 × 2, 8 × 1. Exact: 10486 / 2^20 is 1/100 for what is
  /// below 10^4, 103 / 2^10 is 1/10 for what is below 100.
  @inline(__always)
  static func eightDigits(_ value: UInt64) -> UInt64 {
    let (high, low) = value.quotientAndRemainder(dividingBy: 10_000)
    let fours = high | low << 32
    let hundreds = (fours &* 10_486) >> 20 & 0x7F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) << 16
    let tens = (twos &* 103) >> 10 & 0xF_000F_000F_000F
    let ones = tens | (twos &- tens &* 10) << 8
    return (ones | 0x3030_3030_3030_3030).littleEndian
  }

  /// `0.000000`.
  private static var zerosAndPoint: UInt64 { (0x3030_3030_3030_2E30 as UInt64).littleEndian }
}
