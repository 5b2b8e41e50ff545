/// Powers of ten that a double holds exactly.
private let powersOfTen: InlineArray<20, Double> = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19,
]
/// The same as whole numbers.
private let wholePowersOfTen: InlineArray<9, UInt64> = [
  1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
]

/// Whether all eight bytes are digits.
@inline(__always)
func areDigits(_ word: UInt64) -> Bool {
  ((word & 0xF0F0_F0F0_F0F0_F0F0) | (((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4))
    == 0x3333_3333_3333_3333
}

/// The value of eight digits, the first in the lowest byte (Lemire, "Quickly parsing eight digits").
@inline(__always)
func digitsValue(_ word: UInt64) -> UInt64 {
  var value = word &- 0x3030_3030_3030_3030
  value = (value &* 10) &+ (value >> 8)
  let low = (value & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
  let high = ((value >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
  return (low &+ high) >> 32
}

/// The first `count` (0 … 8) bytes at `address`, moved up behind leading zeros digits.
@inline(__always)
func paddedDigits(_ address: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
  if count == 0 { return 0x3030_3030_3030_3030 }
  let text = unsafe word(at: address) << UInt64(64 - 8 * count)
  return count == 8 ? text : text | 0x3030_3030_3030_3030 >> UInt64(8 * count)
}

extension RowBlock {
  /// Parses one column of all rows as numbers; absent ones are NaN.
  ///
  /// - Parameters:
  ///   - column: The field, from 0.
  ///   - values: One per row; longer arrays keep their tail.
  ///   - failed: Gets bit 0 set where the text is no number; broken rows are left alone.
  public func parseNumbers(
    column: Int, into values: inout [Double], failed: inout [UInt8]
  ) {
    precondition(column < layout.kept, "column \(column) of \(layout.kept)")
    precondition(values.count >= rowCount && failed.count >= rowCount, "too few places")
    let mark = layout.decimalMark
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe failed.withUnsafeMutableBufferPointer { failed in
        for row in 0..<rowCount {
          let packed = unsafe bounds[row * layout.kept + column]
          let start = Int(UInt32(truncatingIfNeeded: packed) & 0x7FFF_FFFF)
          let end = Int(packed >> 32)
          if start == end {
            unsafe values[row] = .nan
            continue
          }
          var value = 0.0
          if unsafe Self.quickNumber(base + start, end - start, mark: mark, &value) {
            unsafe values[row] = value
          } else {
            switch unsafe NumberText.parse(base + start, base + end, mark: mark) {
            case .absent: unsafe values[row] = .nan
            case .number(let number): unsafe values[row] = number
            case .malformed:
              unsafe values[row] = .nan
              unsafe failed[row] |= 1
            }
          }
        }
      }
    }
  }

  /// Plain digits with at most one mark; false for any other text.
  ///
  /// Exact: at most 2^53 over a power of ten that is exact too, so that the one division rounds
  /// correctly (Clinger 1990).
  @inline(__always)
  static func quickNumber(
    _ start: UnsafePointer<UInt8>, _ count: Int, mark: UInt8, _ value: inout Double
  ) -> Bool {
    if count > 17 { return false }
    let pattern = repeated(mark)
    if count <= 8 {
      var text = unsafe paddedDigits(start, count)
      let found = matches(text, pattern)
      if found == 0 {
        guard areDigits(text) else { return false }
        value = Double(digitsValue(text))
        return true
      }
      if count == 1 { return false }
      let bit = UInt64(found.trailingZeroBitCount & ~7)
      let below = text & ((1 << bit) &- 1)
      let above = bit == 56 ? 0 : text & (UInt64.max << (bit &+ 8))
      text = above | below << 8 | 0x30
      guard areDigits(text) else { return false }
      value = Double(digitsValue(text)) / powersOfTen[7 - Int(bit >> 3)]
      return true
    }
    return unsafe longNumber(start, count, pattern, &value)
  }

  // 9 … 17 bytes: whole and fraction apart.
  @inline(__always)
  private static func longNumber(
    _ start: UnsafePointer<UInt8>, _ count: Int, _ pattern: UInt64, _ value: inout Double
  ) -> Bool {
    let first = unsafe matches(word(at: start), pattern)
    let wholeCount = first == 0 ? 8 : first.trailingZeroBitCount >> 3
    if first == 0, unsafe (start + 8).pointee != UInt8(truncatingIfNeeded: pattern) { return false }
    let whole = unsafe paddedDigits(start, wholeCount)
    var rest = unsafe start + wholeCount + 1
    let fractionCount = count - wholeCount - 1
    var isNumber = areDigits(whole)
    var digits = digitsValue(whole)
    var left = fractionCount
    if left >= 8 {
      let part = unsafe word(at: rest)
      isNumber = isNumber && areDigits(part)
      digits = digits &* 100_000_000 &+ digitsValue(part)
      unsafe rest += 8
      left -= 8
    }
    if left > 8 { return false }
    let tail = unsafe paddedDigits(rest, left)
    guard isNumber, areDigits(tail) else { return false }
    // At most 8 + 8 digits stand before the tail: no overflow, as count <= 17.
    digits = digits &* wholePowersOfTen[left] &+ digitsValue(tail)
    guard digits <= 1 << 53 else { return false }
    value = Double(digits) / powersOfTen[fractionCount]
    return true
  }
}
