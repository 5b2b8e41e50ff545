/// The first bytes of a text, cut into lines and fields at leisure.
struct TextHead {
  /// One row of the head.
  struct Line {
    var fields: [[UInt8]]
    /// Where the next row starts.
    var next: Int
    /// Line feeds passed.
    var lines: Int
    /// Whether the row ended before the head did.
    var isWhole: Bool
  }

  let bytes: [UInt8]
  /// Whether the head is the whole text.
  let isWhole: Bool
  /// A line feed, or a carriage return where there is none.
  let rowEnd: UInt8

  init(bytes: [UInt8], isWhole: Bool) {
    self.bytes = bytes
    self.isWhole = isWhole
    rowEnd = !bytes.contains(0x0A) && bytes.contains(0x0D) ? 0x0D : 0x0A
  }

  /// Cuts the row that starts at `start`.
  func line(at start: Int, delimiter: UInt8) -> Line {
    var line = Line(fields: [], next: start, lines: 1, isWhole: false)
    var field: [UInt8] = []
    var isQuoted = false
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted {
        if byte == 0x22, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
          field.append(byte)
          index += 1
        } else if byte == 0x22 {
          isQuoted = false
        } else {
          if byte == rowEnd { line.lines += 1 }
          field.append(byte)
        }
      } else if byte == 0x22, field.isEmpty {
        isQuoted = true
      } else if byte == delimiter {
        line.fields.append(field)
        field = []
      } else if byte == rowEnd {
        line.isWhole = true
        index += 1
        break
      } else {
        field.append(byte)
      }
      index += 1
    }
    if field.last == 0x0D { field.removeLast() }
    line.fields.append(field)
    line.next = index
    if index == bytes.count, isWhole { line.isWhole = true }
    return line
  }
}

extension [UInt8] {
  /// The bytes as text without blanks around it; nil where they are not UTF-8.
  var trimmedText: String? {
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
    guard let first = firstIndex(where: { !blanks.contains($0) }),
      let last = lastIndex(where: { !blanks.contains($0) })
    else { return "" }
    return String(validating: self[first...last], as: UTF8.self)
  }
}
