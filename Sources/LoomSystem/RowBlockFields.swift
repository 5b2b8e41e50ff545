extension RowBlock {
  /// Marks the broken rows: sets bit 0 of their place, clears all bits of the others.
  public func markBroken(_ failed: inout [UInt8]) {
    precondition(failed.count >= rowCount, "too few places")
    for row in 0..<rowCount { unsafe failed[row] = broken[row] }
  }

  /// Parses one column of all rows as whole numbers of at most 19 digits and nothing else.
  ///
  /// - Parameters:
  ///   - column: The field, from 0.
  ///   - numbers: One per row.
  ///   - unusual: 1 where the text is something else, to be read by other means.
  public func parseWholeNumbers(
    column: Int, into numbers: inout [UInt64], unusual: inout [UInt8]
  ) {
    precondition(column < layout.kept, "column \(column) of \(layout.kept)")
    precondition(numbers.count >= rowCount && unusual.count >= rowCount, "too few places")
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      unsafe unusual.withUnsafeMutableBufferPointer { unusual in
        for row in 0..<rowCount {
          let packed = unsafe bounds[row * layout.kept + column]
          let start = unsafe base + Int(UInt32(truncatingIfNeeded: packed) & 0x7FFF_FFFF)
          let count = unsafe base + Int(packed >> 32) - start
          var isUsual = count > 0 && count <= 19
          var value: UInt64 = 0
          var left = isUsual ? count : 0
          var position = unsafe start
          while left > 0 {
            let step = (left - 1) & 7 + 1
            let digits = unsafe paddedDigits(position, step)
            isUsual = isUsual && areDigits(digits)
            value = value &* 100_000_000 &+ digitsValue(digits)
            unsafe position += step
            left -= step
          }
          unsafe numbers[row] = value
          unsafe unusual[row] = isUsual ? 0 : 1
        }
      }
    }
  }

  /// Looks one column of all rows up in `table`, blanks around the texts ignored.
  public func intern(column: Int, in table: TextTable, into indices: inout [UInt32]) {
    precondition(column < layout.kept, "column \(column) of \(layout.kept)")
    precondition(indices.count >= rowCount, "too few places")
    // New texts are entered into the table itself; this copy shares its memory until then.
    let lookup = table.lookup
    unsafe indices.withUnsafeMutableBufferPointer { indices in
      for row in 0..<rowCount {
        let packed = unsafe bounds[row * layout.kept + column]
        var start = Int(UInt32(truncatingIfNeeded: packed) & 0x7FFF_FFFF)
        var end = Int(packed >> 32)
        while start < end, unsafe NumberText.isBlank(base[start]) { start += 1 }
        while start < end, unsafe NumberText.isBlank(base[end - 1]) { end -= 1 }
        if packed & 0x8000_0000 != 0 {
          unsafe indices[row] = table.index(of: field(row: row, column: column))
        } else {
          unsafe indices[row] =
            lookup.index(base + start, end - start) ?? table.index(base + start, end - start)
        }
      }
    }
  }

  /// A copy of one field, its quotes taken off.
  public func field(row: Int, column: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    appendField(row: row, column: column, to: &bytes)
    return bytes
  }

  /// Appends one field to `bytes`, its quotes taken off.
  public func appendField(row: Int, column: Int, to bytes: inout [UInt8]) {
    precondition(row < rowCount && column < layout.kept, "field \(column) of row \(row)")
    let packed = unsafe bounds[row * layout.kept + column]
    let start = Int(UInt32(truncatingIfNeeded: packed) & 0x7FFF_FFFF)
    let end = Int(packed >> 32)
    var isSecond = false
    let hasDoubled = packed & 0x8000_0000 != 0
    if !hasDoubled {
      unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: base + start, count: end - start))
      return
    }
    for index in start..<end {
      let byte = unsafe base[index]
      isSecond = byte == 0x22 && !isSecond
      if !isSecond { bytes.append(byte) }
    }
  }

  /// Appends the text of the block's rows to `text` and says where each row stands in it.
  ///
  /// - Parameters:
  ///   - limit: Most bytes of a row that are told of.
  ///   - text: Gets the bytes, as read.
  ///   - body: Called per row, in order, with its line, its place in `text` and its length up to `limit`.
  public func appendText(
    limit: Int, to text: inout [UInt8],
    body: (_ row: Int, _ line: Int, _ offset: Int, _ length: Int) -> Void

  ) {
    if rowCount == 0 { return }
    let first = unsafe Int(rows[0].start)
    let last = unsafe Int(rows[rowCount - 1].end)
    let isShort = last - first <= (limit + 1) * rowCount
    let shift = text.count - first
    if isShort {
      unsafe text.append(contentsOf: UnsafeBufferPointer(start: base + first, count: last - first))
    }
    for row in 0..<rowCount {
      let start = unsafe Int(rows[row].start)
      let length = unsafe min(limit, Int(rows[row].end) - start)
      if isShort {
        unsafe body(row, rows[row].line, start + shift, length)
      } else {
        unsafe body(row, rows[row].line, text.count, length)
        unsafe text.append(contentsOf: UnsafeBufferPointer(start: base + start, count: length))
      }
    }
  }
}
