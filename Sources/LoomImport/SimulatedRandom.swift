/// Random numbers for the simulated market, the same on every machine.
///
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). The
/// distributions use only `+ - * /` and the square root, whose bits IEEE 754 fixes; the logarithm
/// of a C library would differ between processors.
struct SimulatedRandom: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// 64 independent bits.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0 ..< `bound`; the bias is below `bound` / 2⁶⁴.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: bits().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Uniform in (0, 1], a multiple of 2⁻⁵³.
  mutating func uniform() -> Double { Double((bits() >> 11) + 1) * 0x1p-53 }

  /// Mean 0, variance 1, bell-shaped: the sum of four uniform 16-bit numbers (Irwin–Hall).
  ///
  /// Sums of a few of these, as every return of a bar is, are normal for all purposes here.
  mutating func bell() -> Double {
    let bits = bits()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    // The variance of one is (2³² − 1) / 12, so that of four (2³² − 1) / 3.
    return (Double(sum) - 131_070) * 2.642_899_792_130_301_4e-05
  }

  /// Exponentially distributed with mean 1.
  mutating func exponential() -> Double { -Self.logarithm(uniform()) }

  /// The natural logarithm of a normal positive number, to 1e-7.
  ///
  /// With m the significand in [1, 2): ln m = 2·artanh((m − 1) / (m + 1)), its series cut after
  /// the eleventh power.
  static func logarithm(_ value: Double) -> Double {
    let ratio = (value.significand - 1) / (value.significand + 1)
    let square = ratio * ratio
    let tail = 1 / 5 + square * (1 / 7 + square * (1 / 9 + square * (1 / 11)))
    let series = 2 * ratio * (1 + square * (1 / 3 + square * tail))
    return Double(value.exponent) * 0.693_147_180_559_945_3 + series
  }
}
