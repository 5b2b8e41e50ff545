internal import LoomCore

/// Time as a count since 1970, exact: decimal digits are shifted, never turned into a double.
enum EpochText {
  /// What a text says.
  enum Outcome: Equatable {
    /// Nanoseconds since 1970, fractions cut off towards zero.
    case nanoseconds(Int64)
    /// A moment too far from 1970 for 64 bits; negative ones lie before it.
    case beyond(isNegative: Bool)
    /// Nothing that is a finite number.
    case malformed
  }

  /// The unit that the magnitude of a value tells: < 1e11 s, < 1e14 ms, < 1e17 µs, else ns.
  static func unit(ofMagnitude value: Double) -> TimeUnit {
    switch abs(value) {
    case ..<1e11: .seconds
    case ..<1e14: .milliseconds
    case ..<1e17: .microseconds
    default: .nanoseconds
    }
  }

  /// Reads a count of a unit that lies `decimals` decimal places above the nanosecond.
  static func parse(_ text: [UInt8], decimals: Int) -> Outcome {
    var digits: [UInt8] = []
    var (index, exponent) = (0, decimals)
    var isNegative = false
    func peek() -> UInt8 { index < text.count ? text[index] : 0 }
    while peek() == 0x20 || peek() == 0x09 { index += 1 }
    if peek() == 0x2B || peek() == 0x2D {
      isNegative = peek() == 0x2D
      index += 1
    }
    var (count, isFraction) = (0, false)
    while peek() &- 0x30 < 10 || (peek() == 0x2E && !isFraction) {
      if peek() == 0x2E {
        isFraction = true
      } else {
        count += 1
        if isFraction { exponent -= 1 }
        if !digits.isEmpty || peek() != 0x30 { digits.append(peek() - 0x30) }
      }
      index += 1
    }
    if count == 0 { return .malformed }
    if peek() | 0x20 == 0x65 {
      index += 1
      guard let shift = signed(text, &index) else { return .malformed }
      exponent += shift
    }
    while peek() == 0x20 || peek() == 0x09 || peek() == 0x0D { index += 1 }
    return index == text.count ? scale(digits, exponent, isNegative) : .malformed
  }

  private static func signed(_ text: [UInt8], _ index: inout Int) -> Int? {
    var sign = 1
    if index < text.count, text[index] == 0x2B || text[index] == 0x2D {
      sign = text[index] == 0x2D ? -1 : 1
      index += 1
    }
    let start = index
    var value = 0
    while index < text.count, text[index] &- 0x30 < 10 {
      value = min(value * 10 + Int(text[index] - 0x30), 1_000_000)
      index += 1
    }
    return index > start ? sign * value : nil
  }

  private static func scale(_ digits: [UInt8], _ exponent: Int, _ isNegative: Bool) -> Outcome {
    let length = digits.count + exponent
    if digits.isEmpty || length <= 0 { return .nanoseconds(0) }
    if length > 19 { return .beyond(isNegative: isNegative) }
    var value: UInt64 = 0
    for place in 0..<length {
      value = value * 10 + UInt64(place < digits.count ? digits[place] : 0)
    }
    guard value <= UInt64(Int64.max) else { return .beyond(isNegative: isNegative) }
    return .nanoseconds(isNegative ? -Int64(value) : Int64(value))
  }
}
