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

  /// The nearest of xterm's 256 colours: its cube of 6 × 6 × 6 or its greys.
  var index: Int {
    let cube = [red, green, blue].map(Self.nearestLevel)
    let cubeError = zip([red, green, blue], cube).map { Self.squared($0, Self.levels[$1]) }
    let grey = min(max((Int(luma.rounded()) - 3) / 10, 0), 23)
    let greyLevel = UInt8(8 + 10 * grey)
    let greyError = [red, green, blue].map { Self.squared($0, greyLevel) }
    return greyError.reduce(0, +) < cubeError.reduce(0, +)
      ? 232 + grey : 16 + 36 * cube[0] + 6 * cube[1] + cube[2]
  }

  private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

  private static func nearestLevel(_ value: UInt8) -> Int {
    levels.indices.min { squared(value, levels[$0]) < squared(value, levels[$1]) } ?? 0
  }

  private static func squared(_ first: UInt8, _ second: UInt8) -> Int {
    let difference = Int(first) - Int(second)
    return difference * difference
  }

  /// `#rrggbb`.
  var code: String {
    "#"
      + [red, green, blue].map { channel in
        (channel < 16 ? "0" : "") + String(channel, radix: 16)
      }.joined()
  }
}
