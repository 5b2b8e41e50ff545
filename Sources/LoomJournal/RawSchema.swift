/// What the bytes of a store tell of its table of features, whatever SQLite says.
enum RawSchema {
  private static let beginning =
    "CREATE TABLE features (start_ns INTEGER NOT NULL, symbol INTEGER NOT NULL"

  /// The names in the statement that has made the table, where that is in `page`; nil elsewhere.
  static func featureNames(in page: [UInt8]) -> [String]? {
    let pattern = Array(beginning.utf8)
    guard let start = place(of: pattern, in: page) else { return nil }
    var names: [String] = []
    var rest = page[(start + pattern.count)...]
    // `, "NAME" REAL` for each, a quotation mark in a name twice.
    while rest.starts(with: Array(", \"".utf8)) {
      rest = rest.dropFirst(3)
      var name: [UInt8] = []
      while let byte = rest.first, byte != UInt8(ascii: "\"") || rest.dropFirst().first == byte {
        name.append(byte)
        rest = rest.dropFirst(byte == UInt8(ascii: "\"") ? 2 : 1)
      }
      rest = rest.dropFirst()
      guard rest.starts(with: Array(" REAL".utf8)) else { return nil }
      rest = rest.dropFirst(5)
      names.append(String(decoding: name, as: UTF8.self))
    }
    return rest.first == UInt8(ascii: ")") ? names : nil
  }

  private static func place(of pattern: [UInt8], in page: [UInt8]) -> Int? {
    var from = page.startIndex
    while let start = page[from...].firstIndex(of: pattern[0]) {
      if page[start...].starts(with: pattern) { return start }
      from = start + 1
    }
    return nil
  }

  /// How many columns the first row has of the table that begins at page `root`; nil without one.
  ///
  /// Source: the SQLite documentation, "Database File Format", 1.6 and 2.1.
  static func columns(ofTableAt root: Int, in pages: RawPages) -> Int? {
    var number = root
    for _ in 0..<20 {
      guard let image = pages.image(of: number, usesLog: true) else { return nil }
      let page = pages.bytes(image)
      switch page[0] {
      case 5:
        let cell = Int(page[12]) << 8 | Int(page[13])
        guard cell + 4 <= page.count else { return nil }
        number = page[cell..<cell + 4].reduce(0) { $0 << 8 | Int($1) }
      case 13:
        let count = Int(page[3]) << 8 | Int(page[4])
        return count == 0 ? nil : columns(ofCellAt: Int(page[8]) << 8 | Int(page[9]), in: page)
      default: return nil
      }
    }
    return nil
  }

  private static func columns(ofCellAt start: Int, in page: [UInt8]) -> Int? {
    guard let (_, payload) = RawCell.number(page, start),
      let (_, row) = RawCell.number(page, start + payload),
      let (head, length) = RawCell.number(page, start + payload + row)
    else { return nil }
    let record = start + payload + row
    guard head <= 512, record + Int(head) <= page.count else { return nil }
    var (place, count) = (record + length, 0)
    while place < record + Int(head), let (_, length) = RawCell.number(page, place) {
      place += length
      count += 1
    }
    return place == record + Int(head) ? count : nil
  }
}
