extension SummaryStyle {
  /// A fact under its name: the parts beside each other as they fit, `indent` columns in; no line
  /// without parts.
  func lines(_ fact: (name: String, parts: [String]), indent: Int) -> [String] {
    if fact.parts.isEmpty { return [] }
    let heading = SummaryText.leading(fact.name, indent)
    var lines = SummaryText.wrapped(
      fact.parts, width: width - heading.count, separator: separator, indent: heading.count)
    lines[0] = emphasized(heading, .strong) + lines[0]
    return lines
  }
}
