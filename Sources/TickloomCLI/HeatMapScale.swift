/// Colours for ρ: blue for −1, red for +1, the ground's own colour for 0.
///
/// Blue and red are told apart with every common colour blindness, and both sides leave the ground's
/// brightness at the same pace, so that the size of ρ can be read without the hue.
struct HeatMapScale: Sendable {
  /// From −1 to +1 in equal steps.
  private let anchors: [HeatMapColour]

  /// For a light ground: white in the middle, dark at the ends.
  static let light = HeatMapScale([
    0x0B3C7D, 0x2F74B5, 0x79AFD8, 0xC3DCEE, 0xF7F7F5, 0xF8D3C0, 0xEC9778, 0xCC4A45, 0x8A1024,
  ])

  /// For a dark ground: nearly black in the middle, bright at the ends.
  static let dark = HeatMapScale([
    0x8CCBFF, 0x5AA2E6, 0x3A74B0, 0x274766, 0x20242A, 0x65362F, 0xA5503F, 0xDF7558, 0xFFAE8F,
  ])

  /// The same for xterm's 256 colours, from 0 outwards.
  ///
  /// Chosen by hand: the nearest colours of its coarse cube would change their hue from step to step.
  private static let blues = [255, 189, 153, 111, 69, 26, 19]
  private static let reds = [255, 224, 217, 210, 203, 160, 124]
  /// From this step on white can be read better than black.
  private static let firstDark = 5

  /// One of xterm's 256 colours for ρ, and whether it is dark.
  static func indexed(_ correlation: Double) -> (index: Int, isDark: Bool) {
    let steps = correlation < 0 ? blues : reds
    let step = Int((min(correlation.magnitude, 1) * Double(steps.count - 1)).rounded())
    return (steps[step], step >= firstDark)
  }

  private init(_ codes: [UInt32]) { anchors = codes.map { HeatMapColour($0) } }

  /// The colour of ρ; values outside −1 … 1 are cut.
  func colour(of correlation: Double) -> HeatMapColour {
    let place = (min(max(correlation, -1), 1) + 1) / 2 * Double(anchors.count - 1)
    let lower = min(Int(place), anchors.count - 2)
    return HeatMapColour(
      from: anchors[lower], to: anchors[lower + 1], share: place - Double(lower))
  }
}
