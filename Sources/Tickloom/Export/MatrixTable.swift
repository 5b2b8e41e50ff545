internal import LoomCore
internal import LoomSystem

/// A square matrix over all symbols, with the names as header and first column.
enum MatrixTable {
  /// Writes the whole file; `cell` appends the value of row `i` and column `j`.
  static func write(
    _ file: consuming OutputFile, names: [String],
    cell: (_ i: Int, _ j: Int, _ text: inout TextBuffer) -> Void
  ) throws(SystemError) -> OutputFile {
    var writer = TextWriter(file)
    for name in names {
      writer.text.append(byte: comma)
      writer.text.append(field: name)
    }
    try writer.endRow()
    for row in names.indices {
      writer.text.append(field: names[row])
      for column in names.indices {
        writer.text.append(byte: comma)
        cell(row, column, &writer.text)
      }
      try writer.endRow()
    }
    return try writer.finish()
  }
}
