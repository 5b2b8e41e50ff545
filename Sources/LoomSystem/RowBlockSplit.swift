/// Eight equal bytes.
@inline(__always)
func repeated(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

/// The high bit of every byte of `word` that equals the byte of `pattern`, exactly.
@inline(__always)
func matches(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
  let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  let difference = word ^ pattern
  return ~(((difference & low) &+ low) | difference | low)
}

/// The eight bytes at `address`, the first in the lowest byte.
@inline(__always)
func word(at address: UnsafePointer<UInt8>) -> UInt64 {
  unsafe UInt64(
    littleEndian: UnsafeRawPointer(address).loadUnaligned(as: UInt64.self))
}

extension RowBlock {
  /// Where the cutting of one row stands.
  private struct Cut {
    var row: Int
    var start: Int
    var field = 0
    var fieldStart: Int
    var quoteStart = -1
    var quoteEnd = -1
    var hasDoubled = false
    var lines = 0
    var isBroken = false
  }

  /// Cuts as many whole rows as there are between `used` and `filled`, at most `maxRows`.
  func split() {
    rowCount = 0
    let delimiter = repeated(layout.delimiter)
    let rowEnd = repeated(layout.rowEnd)
    let quote = repeated(0x22)
    let end = filled
    var cut = Cut(row: 0, start: used, fieldStart: used)
    var position = used
    var mask: UInt64 = 0
    if position < end {
      mask = structure(at: position, delimiter, rowEnd, quote)
    }
    while position < end {
      guard mask != 0 else {
        position += 8
        if position < end { mask = structure(at: position, delimiter, rowEnd, quote) }
        continue
      }
      let index = position + mask.trailingZeroBitCount >> 3
      mask &= mask &- 1
      if index >= end { break }
      let byte = unsafe base[index]
      if byte == layout.delimiter {
        endField(&cut, at: index)
      } else if byte == layout.rowEnd {
        endRow(&cut, at: index)
        if cut.row == maxRows { break }
      } else if index == cut.fieldStart {
        guard let after = passQuotes(&cut, from: index) else {
          // The quote never closes: its line alone is broken, once no more text can help.
          guard isAtEnd || end - cut.start >= Self.longestRow,
            let lineEnd = firstRowEnd(from: cut.start)
          else { break }
          cut.isBroken = true
          cut.field = 0
          cut.quoteStart = -1
          cut.lines = 0
          cut.fieldStart = cut.start
          endRow(&cut, at: lineEnd)
          position = lineEnd + 1
          mask = position < end ? structure(at: position, delimiter, rowEnd, quote) : 0
          if cut.row == maxRows { break }
          continue
        }
        position = after
        mask = position < end ? structure(at: position, delimiter, rowEnd, quote) : 0
      }
    }
    rowCount = cut.row
    textOffset += Int64(cut.start - used)
    used = cut.start
  }

  @inline(__always)
  private func structure(
    at position: Int, _ delimiter: UInt64, _ rowEnd: UInt64, _ quote: UInt64
  ) -> UInt64 {
    let bytes = unsafe word(at: base + position)
    return matches(bytes, delimiter) | matches(bytes, rowEnd) | matches(bytes, quote)
  }

  @inline(__always)
  private func endField(_ cut: inout Cut, at index: Int) {
    if cut.quoteStart >= 0 {
      endQuotedField(&cut, at: index)
    } else {
      store(&cut, from: cut.fieldStart, to: index)
    }
    cut.field += 1
    cut.fieldStart = index + 1
  }

  @inline(__always)
  private func store(_ cut: inout Cut, from start: Int, to end: Int) {
    if cut.field < layout.kept {
      unsafe bounds[cut.row * layout.kept + cut.field] =
        UInt64(UInt32(truncatingIfNeeded: start)) | UInt64(UInt32(truncatingIfNeeded: end)) << 32
    } else if end > start, cut.field >= layout.width {
      cut.isBroken = true
    }
  }

  // What follows a closing quote may only be blank, else the quotes are part of the text.
  private func endQuotedField(_ cut: inout Cut, at index: Int) {
    var isInner = true
    for position in cut.quoteEnd + 1..<max(index, cut.quoteEnd + 1)
    where unsafe base[position] != 0x20 && base[position] != 0x09 { isInner = false }
    if isInner {
      store(&cut, from: cut.quoteStart, to: cut.quoteEnd)
      if cut.hasDoubled, cut.field < layout.kept {
        unsafe bounds[cut.row * layout.kept + cut.field] |= 0x8000_0000
      }
    } else {
      store(&cut, from: cut.fieldStart, to: index)
    }
    cut.quoteStart = -1
    cut.hasDoubled = false
  }

  @inline(__always)
  private func endRow(_ cut: inout Cut, at index: Int) {
    var end = index
    if end > cut.start, unsafe base[end - 1] == 0x0D { end -= 1 }
    if end > cut.start {
      endField(&cut, at: end)
      if cut.field < layout.width { fillUp(&cut) }
      if end - cut.start >= Self.longestRow { cut.isBroken = true }
      unsafe rows[cut.row] = Row(
        start: UInt32(truncatingIfNeeded: cut.start), end: UInt32(truncatingIfNeeded: end),
        line: line)
      unsafe broken[cut.row] = cut.isBroken ? 1 : 0
      cut.row += 1
    }
    line += 1 + cut.lines
    cut = Cut(row: cut.row, start: index + 1, fieldStart: index + 1)
  }

  private func fillUp(_ cut: inout Cut) {
    cut.isBroken = true
    while cut.field < layout.kept {
      unsafe bounds[cut.row * layout.kept + cut.field] = 0
      cut.field += 1
    }
  }

  // Finds the closing quote of a field; the position after it, or nil if the text ends first.
  private func passQuotes(_ cut: inout Cut, from opening: Int) -> Int? {
    var index = opening + 1
    var lines = 0
    var hasDoubled = false
    while index < filled {
      let byte = unsafe base[index]
      if byte == layout.rowEnd { lines += 1 }
      if byte == 0x22 {
        if index + 1 < filled, unsafe base[index + 1] == 0x22 {
          hasDoubled = true
          index += 1
        } else if index + 1 < filled || isAtEnd {
          cut.quoteStart = opening + 1
          cut.quoteEnd = index
          cut.hasDoubled = hasDoubled
          cut.lines += lines
          return index + 1
        } else {
          return nil
        }
      }
      index += 1
    }
    return nil
  }

  private func firstRowEnd(from start: Int) -> Int? {
    for index in start..<filled where unsafe base[index] == layout.rowEnd { return index }
    return nil
  }
}
