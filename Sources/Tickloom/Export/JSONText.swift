internal import LoomSystem

/// Writes JSON, value by value, with two spaces of indentation a level.
struct JSONText: ~Copyable {
  private var text = TextBuffer(capacity: 4096)
  private var depth = 0
  private var isFirst = true

  /// Writes `{`, the members that `body` writes, and `}`.
  mutating func object(_ body: (inout JSONText) -> Void) {
    text.append("{")
    depth += 1
    isFirst = true
    body(&self)
    depth -= 1
    if !isFirst { newLine() }
    isFirst = false
    text.append("}")
  }

  /// Starts a member; exactly one value must follow.
  mutating func key(_ name: String) {
    if !isFirst { text.append(",") }
    isFirst = false
    newLine()
    string(name)
    text.append(": ")
  }

  mutating func member(_ name: String, _ value: Int) {
    key(name)
    text.append(value)
  }

  /// Writes a number; null where it is nil or not finite.
  mutating func member(_ name: String, _ value: Double?) {
    key(name)
    if let value, value.isFinite { text.append(value) } else { text.append("null") }
  }

  mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  mutating func member(_ name: String, _ body: (inout JSONText) -> Void) {
    key(name)
    object(body)
  }

  /// Starts a member that is a list of objects, and writes the members of each by `body`.
  mutating func array<Element>(
    _ name: String, _ elements: [Element], _ body: (Element, inout JSONText) -> Void
  ) {
    key(name)
    text.append("[")
    depth += 1
    for (place, element) in elements.enumerated() {
      if place > 0 { text.append(",") }
      newLine()
      object { body(element, &$0) }
    }
    depth -= 1
    if !elements.isEmpty { newLine() }
    isFirst = false
    text.append("]")
  }

  /// Writes a square matrix as a list of rows; `cell` appends the value of row `i` and column `j`.
  mutating func matrix(
    _ name: String, count: Int, _ cell: (_ i: Int, _ j: Int, _ text: inout TextBuffer) -> Void
  ) {
    key(name)
    text.append("[")
    depth += 1
    for row in 0..<count {
      if row > 0 { text.append(",") }
      newLine()
      text.append("[")
      for column in 0..<count {
        if column > 0 { text.append(", ") }
        cell(row, column, &text)
      }
      text.append("]")
    }
    depth -= 1
    if count > 0 { newLine() }
    text.append("]")
  }

  /// Writes a list of texts.
  mutating func member(_ name: String, _ values: [String]) {
    key(name)
    text.append("[")
    for (place, value) in values.enumerated() {
      if place > 0 { text.append(", ") }
      string(value)
    }
    text.append("]")
  }

  consuming func finish() -> TextBuffer { text }

  private mutating func newLine() {
    text.append("\n")
    for _ in 0..<depth { text.append("  ") }
  }

  private mutating func string(_ value: String) { text.append(jsonString: value) }
}
