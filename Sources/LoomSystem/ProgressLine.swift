/// The text of a ``ProgressBar``: `Reading ━━━━━━━━╌╌╌╌╌╌╌╌  51 %  4.9 M ticks  2.3 M/s  0:02 left`.
struct ProgressLine: Sendable {
  let label: String
  let unit: String
  let width: Int
  let isUnicode: Bool

  /// The line for a state, at most `width - 1` columns, so that no terminal wraps it.
  func text(fraction: Double?, count: Int, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(count) / seconds : 0
    var parts = ["\(Self.compact(Double(count))) \(unit)", "\(Self.compact(rate))/s"]
    guard let fraction = fraction.map({ min(max($0, 0), 1) }) else {
      return cut(([label] + parts).joined(separator: "  "))
    }
    let percent = String(Int(fraction * 100))
    parts.insert(String(repeating: " ", count: 3 - percent.count) + percent + " %", at: 0)
    // Before a hundredth is done, a guess of the rest is worth nothing.
    if fraction >= 0.01 { parts.append("\(Self.clock(seconds * (1 - fraction) / fraction)) left") }
    let text = parts.joined(separator: "  ")
    let room = min(40, width - 1 - label.count - text.count - 3)
    if room < 5 { return cut("\(label) \(text)") }
    return "\(label) \(bar(fraction, columns: room))  \(text)"
  }

  private func bar(_ fraction: Double, columns: Int) -> String {
    let done = Int(fraction * Double(columns))
    return String(repeating: isUnicode ? "━" : "=", count: done)
      + String(repeating: isUnicode ? "╌" : "-", count: columns - done)
  }

  private func cut(_ text: String) -> String { String(text.prefix(max(0, width - 1))) }

  /// Three digits and a letter: `999`, `1.23 k`, `45.6 M`, `789 G`.
  static func compact(_ value: Double) -> String {
    var scaled = value
    var letter = ""
    for next in [" k", " M", " G", " T"] where scaled >= 999.5 {
      scaled /= 1000
      letter = next
    }
    if letter.isEmpty { return String(Int(scaled.rounded())) }
    let hundredths = Int((scaled * 100).rounded())
    if hundredths >= 9995 { return String((hundredths + 50) / 100) + letter }
    if hundredths >= 1000 { return decimal((hundredths + 5) / 10, places: 1) + letter }
    return decimal(hundredths, places: 2) + letter
  }

  private static func decimal(_ value: Int, places: Int) -> String {
    var digits = String(value)
    digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
    return digits
  }

  /// Minutes and seconds, hours where there are any: `0:07`, `1:02:03`; `?` beyond 99 hours.
  static func clock(_ seconds: Double) -> String {
    guard seconds < 360_000 else { return "?" }
    let whole = Int(seconds.rounded(.up))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let minutes = whole / 60 % 60
    if whole < 3600 { return "\(minutes):\(two(whole % 60))" }
    return "\(whole / 3600):\(two(minutes)):\(two(whole % 60))"
  }
}
