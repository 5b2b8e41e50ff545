/// Lays out the help of a command for a terminal.
public struct HelpText: Sendable {
  /// The lines before the options, for example what the command does and how it is called.
  public let introduction: String
  /// The commands, each as it is written and what it does; shown before the options.
  public let commands: [(usage: String, help: String)]
  /// The options, in the order in which they are shown.
  public let options: [ArgumentOption]

  /// Creates the help of a command, or of a program that has `commands`.
  public init(
    introduction: String, commands: [(usage: String, help: String)] = [],
    options: [ArgumentOption]
  ) {
    self.introduction = introduction
    self.commands = commands
    self.options = options
  }

  /// The text, wrapped to `width` columns (at least 40), with a line feed at its end.
  public func formatted(width: Int) -> String {
    let columns = max(40, width)
    let options = options.map { (usage: $0.usage, help: $0.help) }
    let widest = (commands + options).map(\.usage.count).max() ?? 0
    let indent = min(widest + 4, columns / 2)
    var lines = introduction.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrapped(String($0), width: columns) }
    for (title, entries) in [("Commands:", commands), ("Options:", options)] where !entries.isEmpty
    {
      lines += ["", title] + table(entries, indent: indent, width: columns)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Usages on the left, what they mean in a column that starts at `indent`.
  private func table(
    _ entries: [(usage: String, help: String)], indent: Int, width: Int
  ) -> [String] {
    var lines: [String] = []
    for entry in entries {
      var help = wrapped(entry.help, width: width - indent)[...]
      let usage = "  " + entry.usage
      if usage.count + 2 <= indent, let first = help.popFirst() {
        lines.append(usage + String(repeating: " ", count: indent - usage.count) + first)
      } else {
        lines.append(usage)
      }
      lines += help.map { String(repeating: " ", count: indent) + $0 }
    }
    return lines
  }

  /// Breaks a line at spaces, keeping the spaces it begins with; a longer word stands alone.
  private func wrapped(_ line: String, width: Int) -> [String] {
    let margin = String(line.prefix { $0 == " " })
    var lines: [String] = []
    var current = margin
    for word in line.split(separator: " ") {
      let isFirst = current.count == margin.count
      if !isFirst && current.count + 1 + word.count > width {
        lines.append(current)
        current = margin + word
      } else {
        current += isFirst ? String(word) : " " + word
      }
    }
    return lines + [current]
  }
}
