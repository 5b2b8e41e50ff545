internal import LoomSystem

/// The page being written: markup of ours as it is, text of the input escaped.
///
/// What it writes is well-formed XML and HTML at once: every element is closed, every attribute
/// quoted, and `&lt;`, `&gt;`, `&amp;`, `&quot;` and `&#39;` are the only references.
struct ReportPage: ~Copyable {
  private var writer: TextWriter

  /// Creates an empty page that owns `file`.
  init(_ file: consuming OutputFile) { writer = TextWriter(file) }

  /// Adds markup, in which nothing of the input may stand.
  mutating func add(_ markup: String) { writer.text.append(markup) }

  /// Adds text of the input, for an element or a quoted attribute.
  mutating func add(text: String) { writer.text.append(Self.escaped(text)) }

  /// Adds markup and ends the line, which may write to the file.
  mutating func addLine(_ markup: String = "") throws(SystemError) {
    writer.text.append(markup)
    try writer.endRow()
  }

  /// Adds an element without attributes that holds `text` alone.
  mutating func add(_ element: String, text: String) {
    add("<\(element)>")
    add(text: text)
    add("</\(element)>")
  }

  /// Writes what is left and gives the file its name.
  consuming func commit() throws(SystemError) { try writer.commit() }

  /// `text` with the five characters that mean something to HTML as references.
  ///
  /// Characters that control something, or turn the direction of writing, become U+FFFD: they are
  /// not legal in XML, or would let a name change how the page around it reads.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        result.unicodeScalars.append(SummaryText.isHarmless(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  /// A number as typography wants it: with a minus sign, not a hyphen.
  static func typeset(_ number: String) -> String {
    number.hasPrefix("-") ? "\u{2212}" + number.dropFirst() : number
  }

  /// A coordinate of a drawing, to a tenth of a pixel, without needless digits.
  static func coordinate(_ value: Double) -> String {
    let tenths = Int((min(max(value, -1e6), 1e6) * 10).rounded())
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + String(whole) + (rest == 0 ? "" : ".\(rest)")
  }
}
