/// A colour of 24 bits.
struct HeatMapColour: Hashable, Sendable {
  /// How much red, 0 … 255.
  var red: UInt8
  /// How much green, 0 … 255.
  var green: UInt8
  /// How much blue, 0 … 255.
  var blue: UInt8

  /// Creates a colour from `0xRRGGBB`.
  init(_ code: UInt32) {
    red = UInt8(code >> 16 & 0xFF)
    green = UInt8(code >> 8 & 0xFF)
    blue = UInt8(code & 0xFF)
  }

  /// The colour `share` of the way from `start` to `end`.
  init(from start: HeatMapColour, to end: HeatMapColour, share: Double) {
    func between(_ first: UInt8, _ second: UInt8) -> UInt8 {
      UInt8((Double(first) + (Double(second) - Double(first)) * share).rounded())
    }
    red = between(start.red, end.red)
    green = between(start.green, end.green)
    blue = between(start.blue, end.blue)
  }

  /// Brightness as the eye weighs it, 0 … 255 (ITU-R BT.601).
  var luma: Double { 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue) }

  /// Whether white can be read on it better than black.
  var isDark: Bool { luma < 140 }

  /// `#rrggbb`.
  var code: String {
    "#"
      + [red, green, blue].map { channel in
        (channel < 16 ? "0" : "") + String(channel, radix: 16)
      }.joined()
  }
}
