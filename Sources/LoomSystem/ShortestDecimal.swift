/// A positive number as the decimal of fewest digits that reads back as it, the nearest of those.
///
/// R. Giulietti, "The Schubfach way to render doubles" (2020), over the range in which 10^p has an
/// exact 128-bit significand and the number is no larger than 2^53, so that nothing is an estimate.
/// Without branches where the data would decide: a mispredicted one costs as much as the rest.
struct ShortestDecimal: BitwiseCopyable {
  /// The digits, followed by zeros up to 17.
  private(set) var digits: UInt64
  /// How many of the 17 digits count; the last of these is not zero.
  private(set) var width: Int
  /// The power of ten of the first digit.
  private(set) var power: Int

  /// Nil for a value outside the range, about 1e-39 … 2^53.
  @inline(__always)
  init?(_ value: Double) {
    let bits = value.bitPattern
    let fraction = bits & 0xF_FFFF_FFFF_FFFF
    let biased = Int(bits >> 52)
    // value = significand · 2^binary; a subnormal has biased = 0 and is outside the range.
    let significand = fraction | 1 << 52
    let binary = biased - 1075
    // Below a power of two the next number is only half as far away.
    let isPower = fraction == 0
    let scalePower = -((binary * 1_262_611 - (isPower ? 524_031 : 0)) >> 22)
    guard biased > 0, binary <= 0, scalePower <= Self.maximumPower else { return nil }

    let shift = UInt64(binary + (scalePower * 1_741_647) >> 19 + 1)
    let (found, isTenth) = Self.shortest(
      significand, isPower: isPower, scale: Self.powers[scalePower], shift: shift)
    // The significand alone has 16 digits, so there are 15 to 17.
    let missing = bit(found < 10_000_000_000_000_000) + bit(found < 1_000_000_000_000_000)
    digits = found &* (1 + 9 * bit(missing > 0) + 90 * bit(missing > 1))
    width = 17 - Int(missing)
    power = width - 1 - scalePower + Int(isTenth)
    if found % 10 == 0 { dropZeros(found) }
  }

  /// The shortest decimal between the midpoints to the neighbours; 1 if it is in units of ten.
  @inline(__always)
  private static func shortest(
    _ significand: UInt64, isPower: Bool, scale: UInt128, shift: UInt64
  ) -> (digits: UInt64, isTenth: UInt64) {
    // Everything times four, so that the midpoints are whole before they are scaled; a midpoint
    // itself reads back as the neighbour that is even.
    let isOdd = significand & 1
    let middle = scaled(4 * significand, scale, shift)
    let lower = scaled(4 * significand - 2 + bit(isPower), scale, shift) + isOdd
    let upper = scaled(4 * significand + 2, scale, shift) - isOdd

    let tenth = middle / 40
    let tenthAbove = bit(40 * tenth + 40 <= upper)
    let isTenth = bit(lower <= 40 * tenth) ^ tenthAbove

    let whole = middle / 4
    let half = 4 * whole + 2
    let wholeAbove = bit(4 * whole + 4 <= upper)
    let isOnlyOne = bit(lower <= 4 * whole) ^ wholeAbove
    let roundsUp = bit(middle > half) | (bit(middle == half) & whole & 1)
    let nearest = whole + (isOnlyOne & wholeAbove | (1 - isOnlyOne) & roundsUp)
    // All ones for the tenth, else zero.
    let mask = 0 &- isTenth
    return ((tenth + tenthAbove) & mask | nearest & ~mask, isTenth)
  }

  /// `factor` · 2^`shift` · `scale` / 2^128, its last bit set if anything was cut off.
  @inline(__always)
  private static func scaled(_ factor: UInt64, _ scale: UInt128, _ shift: UInt64) -> UInt64 {
    let multiplier = factor &<< shift
    let low = UInt64(truncatingIfNeeded: scale).multipliedFullWidth(by: multiplier)
    let high = UInt64(truncatingIfNeeded: scale >> 64).multipliedFullWidth(by: multiplier)
    let (middle, carries) = high.low.addingReportingOverflow(low.high)
    return (high.high &+ bit(carries)) | bit(middle | low.low != 0)
  }

  /// Rare: short decimals do not come this way.
  private mutating func dropZeros(_ found: UInt64) {
    var rest = found
    while rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
  }

  private static let maximumPower = 55

  /// 10^p for p = 0 … 55, its highest bit at the top: exact, as 5^55 < 2^128.
  private static let powers: InlineArray<56, UInt128> = {
    var table = InlineArray<56, UInt128>(repeating: 0)
    var power: UInt128 = 1
    for index in 0..<56 {
      table[index] = power << UInt128(power.leadingZeroBitCount)
      if index < 55 { power *= 5 }
    }
    return table
  }()
}

/// 1 for true, without a branch.
@inline(__always)
private func bit(_ condition: Bool) -> UInt64 { condition ? 1 : 0 }
