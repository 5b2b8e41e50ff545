/// What the closing summary is written to: everything its looks depend on.
struct SummaryStyle: Hashable, Sendable {
  /// The colours the receiver understands.
  enum Colours: Hashable, Sendable {
    /// None: no escape sequence is written.
    case none
    /// The 256 colours of xterm.
    case indexed
    /// 24 bits.
    case trueColour
  }

  /// Whether a person reads it on a terminal; elsewhere the text of ours is plain ASCII.
  var isTerminal: Bool
  /// Columns there are; taken as 72 where there are fewer.
  var width: Int
  /// Ignored where it is no terminal.
  var colours: Colours

  /// Creates a style; elsewhere than on a terminal there are no colours.
  init(isTerminal: Bool, width: Int, colours: Colours) {
    self.isTerminal = isTerminal
    self.width = max(width, 72)
    self.colours = isTerminal ? colours : .none
  }
}

extension SummaryStyle {
  /// How a run of text stands out.
  enum Emphasis { case none, strong, faint }

  /// `text` in bold or in grey, as it is where there are no colours.
  func emphasized(_ text: String, _ emphasis: Emphasis) -> String {
    guard colours != .none else { return text }
    switch emphasis {
    case .none: return text
    case .strong: return "\u{1B}[1m\(text)\u{1B}[0m"
    case .faint: return "\u{1B}[2m\(text)\u{1B}[0m"
    }
  }

  /// `text` on the colour of ρ, in black or white, whichever can be read on it.
  func painted(_ text: String, correlation: Double) -> String {
    switch colours {
    case .none: return text
    case .indexed:
      let ground = HeatMapScale.indexed(correlation)
      return "\u{1B}[48;5;\(ground.index);38;5;\(ground.isDark ? 15 : 16)m\(text)\u{1B}[0m"
    case .trueColour:
      let ground = HeatMapScale.light.colour(of: correlation)
      let channels = "\(ground.red);\(ground.green);\(ground.blue)"
      return "\u{1B}[48;2;\(channels);38;5;\(ground.isDark ? 15 : 16)m\(text)\u{1B}[0m"
    }
  }

  var rule: Character { isTerminal ? "─" : "-" }
  var dash: String { isTerminal ? "–" : "-" }
  var dot: String { isTerminal ? "·" : "." }
  var ellipsis: String { isTerminal ? "…" : ".." }
  var rho: String { isTerminal ? "ρ" : "rho" }
  /// Stands between the parts of a line.
  var separator: String { isTerminal ? " · " : ", " }
}
