/// An axis of values: a range that begins and ends anywhere, with ticks at round numbers in it.
struct ReportAxis: Hashable, Sendable {
  /// The value at the lower end.
  let lower: Double
  /// The value at the upper end, larger than ``lower``.
  let upper: Double
  /// Distance of the ticks.
  let step: Double

  /// Creates an axis with its ends at ticks.
  init(lower: Double, upper: Double, step: Double) {
    precondition(lower < upper && step > 0, "an axis from \(lower) to \(upper) by \(step)")
    self.lower = lower
    self.upper = upper
    self.step = step
  }

  /// Covers the finite ones of `values` with about `count` ticks at 1, 2 or 5 times a power of ten.
  ///
  /// Nil where there is none, or their distance is too large for arithmetic.
  init?(covering values: [Double], count: Int) {
    let finite = values.lazy.filter(\.isFinite)
    guard var low = finite.min(), var high = finite.max(), (high - low).isFinite else { return nil }
    let size = max(low.magnitude, high.magnitude)
    if high - low <= size * 1e-12 {
      // A flat line runs through the middle.
      let margin = size > 0 ? size * 0.01 : 1
      (low, high) = (low - margin, high + margin)
    }
    let margin = low == 0 ? 0 : (high - low) * 0.05
    guard (high - low + 2 * margin).isFinite else { return nil }
    lower = low - margin
    upper = high + (high - low) * 0.05
    step = Self.step(for: upper - lower, count: count)
    guard lower < upper, step > 0, step.isFinite else { return nil }
  }

  private static func step(for span: Double, count: Int) -> Double {
    let rough = span / Double(max(count, 1))
    var power = 1.0
    for _ in 0..<SummaryNumber.exponent(of: rough).magnitude { power *= 10 }
    let unit = rough < 1 ? 1 / power : power
    // The step whose ratio to the wished one is nearest to 1.
    return [1, 2, 5, 10].map { $0 * unit }.min {
      max($0 / rough, rough / $0) < max($1 / rough, rough / $1)
    } ?? unit
  }

  /// The round values on the axis, lowest first.
  var ticks: [Double] {
    let first = (lower / step).rounded(.up)
    let last = (upper / step).rounded(.down)
    guard last - first < 50, last >= first else { return [] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// The labels of ``ticks``.
  var tickLabels: [String] { ticks.map { label($0) } }

  /// Where `value` lies, 0 at the lower and 1 at the upper end.
  func share(of value: Double) -> Double { (value - lower) / (upper - lower) }

  /// `value` with the decimals that tell ticks apart, and as many more as asked for.
  func label(_ value: Double, extraDecimals: Int = 0) -> String {
    let exponent = SummaryNumber.exponent(of: step * 1.000001)
    let largest = max(lower.magnitude, upper.magnitude)
    if largest >= 1e12 || exponent < -13 {
      let digits = SummaryNumber.exponent(of: largest * 1.000001) - exponent
      let decimals = min(max(1, digits), 6)
      return ReportPage.typeset(
        value.magnitude < 1e6 && largest >= 1e12
          ? SummaryNumber.significant(value) : SummaryNumber.scientific(value, decimals: decimals))
    }
    let decimals = max(0, -exponent) + extraDecimals
    return ReportPage.typeset(SummaryNumber.fixed(value, decimals: decimals))
  }
}
