/// Text of the input on a terminal: made harmless, measured in columns, shortened.
enum SummaryText {
  /// `text` with everything that could move the cursor or hide text shown as `?`.
  static func harmless(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(isHarmless(scalar) ? scalar : "?")
    }
    return result
  }

  /// Neither a control character, nor a line break, nor one that turns the direction of writing.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
    case .format: scalar == "\u{200D}"
    default: true
    }
  }

  /// Columns that `text` takes on a terminal (Unicode Annex 11, by its wide blocks).
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  private static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: break
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// `text` in at most `width` columns: its middle gives way, as names differ at both ends.
  static func shortened(_ text: String, to width: Int, ellipsis: String) -> String {
    guard self.width(text) > width else { return text }
    let room = max(0, width - self.width(ellipsis))
    let tail = suffix(of: text, width: room / 2)
    return prefix(of: text, width: room - self.width(tail)) + ellipsis + tail
  }

  /// `text` in at most `width` columns: its end gives way.
  static func truncated(_ text: String, to width: Int, ellipsis: String) -> String {
    guard self.width(text) > width else { return text }
    let room = width - self.width(ellipsis)
    return room < 1 ? prefix(of: text, width: width) : prefix(of: text, width: room) + ellipsis
  }

  private static func prefix(of text: String, width: Int) -> String {
    var result = ""
    var rest = width
    for character in text {
      rest -= self.width(character)
      if rest < 0 { break }
      result.append(character)
    }
    return result
  }

  private static func suffix(of text: String, width: Int) -> String {
    String(prefix(of: String(text.reversed()), width: width).reversed())
  }

  /// `text` with blanks behind it up to `width` columns.
  static func leading(_ text: String, _ width: Int) -> String { text + blanks(width, after: text) }

  /// `text` with blanks before it up to `width` columns.
  static func trailing(_ text: String, _ width: Int) -> String { blanks(width, after: text) + text }

  private static func blanks(_ width: Int, after text: String) -> String {
    String(repeating: " ", count: max(0, width - self.width(text)))
  }

  /// `parts` joined into lines of at most `width` columns, the later ones indented.
  static func wrapped(
    _ parts: [String], width: Int, separator: String, indent: Int
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    for part in parts {
      let joined = line.isEmpty ? part : line + separator + part
      if line.isEmpty || self.width(joined) <= width {
        line = joined
      } else {
        lines.append(line + separator.prefix { $0 != " " })
        line = String(repeating: " ", count: indent) + part
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
