/// Tells what the first bytes of a file are where they are no table of text.
enum TextCheck {
  /// What was found and what to do; nil where the bytes may be a table.
  static func objection(to head: [UInt8]) -> String? {
    guard let first = head.first(where: { $0 > 0x20 }) else {
      return "holds no text; no option helps"
    }
    for (magic, name) in magics where head.starts(with: magic) {
      return "is \(name); export it as CSV; no option helps"
    }
    if head.count > 262, Array(head[257..<262]) == Array("ustar".utf8) {
      return "is a tar archive; unpack it first; no option helps"
    }
    if first == 0x7B || first == 0x5B { return "is JSON; export it as CSV; no option helps" }
    if first == 0x3C, isMarkup(head) { return "is HTML or XML; export it as CSV; no option helps" }
    if let place = head.firstIndex(of: 0) {
      let even = head.indices.filter { head[$0] == 0 }.count * 3 > head.count
      let what = even ? "looks like UTF-16 without a byte order mark" : "is no text"
      return "\(what): byte \(place) is zero; convert it to UTF-8; no option helps"
    }
    return nil
  }

  private static let magics: [([UInt8], String)] = [
    ([0x50, 0x4B, 3, 4], "a ZIP archive or an Excel workbook"),
    ([0x50, 0x4B, 5, 6], "an empty ZIP archive"),
    (Array("PAR1".utf8), "a Parquet file"),
    (Array("ARROW1".utf8), "an Arrow or Feather file"),
    (Array("FEA1".utf8), "a Feather file"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    (Array("BZh".utf8), "packed with bzip2"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "packed with xz"),
    ([0x04, 0x22, 0x4D, 0x18], "packed with lz4"),
    ([0x1F, 0x8B], "packed twice with gzip"),
    ([0x28, 0xB5, 0x2F, 0xFD], "packed twice with zstd"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0xFF, 0xFE, 0, 0], "UTF-32 text"),
    ([0, 0, 0xFE, 0xFF], "UTF-32 text"),
  ]

  private static func isMarkup(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head.prefix(200), as: UTF8.self).lowercased()
    return ["<!doctype", "<html", "<?xml", "<table"].contains { text.contains($0) }
  }
}
