/// Numbers as a person reads them: grouped, rounded to what they mean, with their unit.
enum SummaryNumber {
  /// `1,234,567`.
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    return (value < 0 ? "-" : "") + grouped(digits: digits)
  }

  private static func grouped(digits: String) -> String {
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0 && (digits.count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `-1,234.50`: rounded to that many decimals; never `-0.00`.
  ///
  /// Beyond 15 digits the shortest scientific form; `NaN` and `inf` by name.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    let scale = power(of: decimals)
    let scaled = (value.magnitude * scale).rounded(.toNearestOrAwayFromZero)
    guard scaled < 1e15 else { return scientific(value) }
    let (whole, fraction) = UInt64(scaled).quotientAndRemainder(dividingBy: UInt64(scale))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let text = sign + grouped(digits: String(whole))
    return decimals == 0 ? text : text + "." + padded(String(fraction), width: decimals)
  }

  /// How many decimals `value` was written with, as far as nine digits tell; 0 … 9.
  static func decimals(of value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return (0..<9).first { decimals in
      let scaled = value.magnitude * power(of: decimals)
      return (scaled - scaled.rounded()).magnitude <= max(1, scaled) * 1e-9
    } ?? 9
  }

  /// As many decimals as give `digits` significant ones: `0.00123`, `12.3`, `1,234`.
  static func significant(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, decimals: 0) }
    if value.magnitude < 1e-6 { return scientific(value) }
    let decimals = max(0, digits - 1 - exponent(of: value))
    // 0.9996 becomes 1.00, not 1.000.
    let isCarried = (value.magnitude * power(of: decimals)).rounded() >= power(of: digits)
    return fixed(value, decimals: isCarried ? max(0, decimals - 1) : decimals)
  }

  /// `4.2e-07`.
  static func scientific(_ value: Double, decimals: Int = 1) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, decimals: 0) }
    var exponent = exponent(of: value)
    // Split, as 10^308 is the largest power there is.
    var mantissa = value.magnitude / power10(exponent / 2) / power10(exponent - exponent / 2)
    if fixed(mantissa, decimals: decimals).hasPrefix("10") {
      mantissa = 1
      exponent += 1
    }
    let sign = exponent < 0 ? "-" : "+"
    let text = padded(String(exponent.magnitude), width: 2)
    return (value < 0 ? "-" : "") + fixed(mantissa, decimals: decimals) + "e" + sign + text
  }

  /// `3.4 %` of a share in 0 … 1; a share that is not 0 never reads as 0.
  static func percent(_ share: Double) -> String {
    if share > 0 && share < 0.0001 { return "<0.01 %" }
    return fixed(share * 100, decimals: share > 0 && share < 0.01 ? 2 : 1) + " %"
  }

  /// `5.42 million`, `312,000`.
  static func rounded(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, decimals: 0) }
    if value >= 1e6 { return significant(value / 1e6) + " million" }
    if value < 1000 { return significant(value) }
    let step = power(of: exponent(of: value) - 2)
    return fixed((value / step).rounded() * step, decimals: 0)
  }

  /// `312 ms`, `1.85 s`, `12 min 30 s`.
  static func seconds(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "0 s" }
    if value < 1e-3 { return "<1 ms" }
    if value < 0.9995 { return fixed(value * 1000, decimals: 0) + " ms" }
    if value < 120 { return significant(value) + " s" }
    let whole = Int(min(value, 1e12).rounded())
    if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(grouped(whole / 3600)) h \(whole / 60 % 60) min"
  }

  /// `312 bytes`, `1.85 MB`: powers of a thousand.
  static func bytes(_ count: Int) -> String {
    if count < 1000 { return count == 1 ? "1 byte" : "\(count) bytes" }
    var value = Double(count) / 1000
    for unit in ["KB", "MB", "GB"] {
      if value < 999.5 { return "\(significant(value)) \(unit)" }
      value /= 1000
    }
    return "\(significant(value)) TB"
  }

  /// A p-value: three decimals, below that its order of magnitude; nil where it is NaN.
  static func probability(_ value: Double) -> String? {
    if value.isNaN { return nil }
    if value >= 0.0005 { return fixed(value, decimals: 3) }
    if value < 1e-15 { return "<1e-15" }
    let exponent = exponent(of: value)
    let mantissa = Int((value / power10(exponent)).rounded())
    return mantissa == 10
      ? "1e-" + padded(String(-exponent - 1), width: 2)
      : "\(mantissa)e-" + padded(String(-exponent), width: 2)
  }

  /// The largest e with 10^e ≤ |value|, by one too small or large at most at a power of ten.
  static func exponent(of value: Double) -> Int {
    var exponent = 0
    var rest = value.magnitude
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 && rest > 0 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }

  /// 10^n for a count of digits, cut to 0 … 15.
  private static func power(of count: Int) -> Double { power10(min(max(count, 0), 15)) }

  private static func power10(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent.magnitude { result *= exponent < 0 ? 0.1 : 10 }
    return result
  }

  private static func padded(_ digits: String, width: Int) -> String {
    String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
