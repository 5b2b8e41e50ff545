internal import LoomSystem

extension Dialect {
  /// Why no dialect fits, in words: what stands in the first line and which option helps.
  static func refusal(_ head: TextHead, path: String, map: ColumnMap) -> ImportError {
    let lines = delimiters.map { head.line(at: 0, delimiter: $0) }
    let line = lines.max { $0.fields.count < $1.fields.count } ?? lines[0]
    guard let names = texts(of: line.fields) else {
      return ImportError(
        .unreadable,
        "\(path), line 1: the text is not UTF-8; convert it first, for example with "
          + "iconv -f GBK -t UTF-8; no option helps")
    }
    let found = listed(names)
    let plan = ColumnPlan(header: names, map: map)
    if !plan.missing.isEmpty {
      return ImportError(
        .unreadable,
        "\(path), line 1: there is no column \(listed(plan.missing)) as --columns says; "
          + "the line holds \(found)")
    }
    if map.isByPlace || plan.lastColumn >= names.count {
      let message =
        plan.time.isEmpty || !plan.hasPrice
        ? "--columns must give a time and a price column"
        : "the columns of --columns lie beyond the \(names.count) found"
      return ImportError(.unreadable, "\(path), line 1: \(message); the line holds \(found)")
    }
    let isData = names.contains {
      NumberText.parse(Array($0.utf8)) != .malformed && $0.contains { $0.isNumber }
    }
    if isData {
      return ImportError(
        .unreadable,
        "\(path), line 1: there is no header, the line holds \(found); "
          + "give the columns by place, as in --columns time=0,bid=1,ask=2 or, for bars, "
          + "--columns time=0,open=1,high=2,low=3,close=4")
    }
    let what = plan.time.isEmpty ? (plan.hasPrice ? "time" : "time and no price") : "price"
    return ImportError(
      .unreadable,
      "\(path), line 1: no \(what) column is recognised among \(found); "
        + "name it, as in --columns time=NAME,last=NAME")
  }

  private static func texts(of fields: [[UInt8]]) -> [String]? {
    var texts: [String] = []
    for field in fields {
      guard let text = field.trimmedText else { return nil }
      texts.append(text)
    }
    return texts
  }

  /// Up to twelve names in quotes, each cut to forty characters.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(12).map { "`\($0.count > 40 ? $0.prefix(39) + "…" : $0[...])`" }
    return shown.joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}
