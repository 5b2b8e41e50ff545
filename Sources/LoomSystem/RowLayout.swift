/// How the rows of a text are cut into fields.
public struct RowLayout: Sendable {
  /// The byte between two fields.
  public let delimiter: UInt8
  /// Fields of a row that is whole.
  public let width: Int
  /// How many fields are kept for parsing, from the first; the others are only counted.
  public let kept: Int
  /// The byte that ends a row: a line feed, or a carriage return in texts without one.
  public let rowEnd: UInt8
  /// The byte between whole and fraction of a number.
  public let decimalMark: UInt8

  /// Creates a layout; a field may stand in double quotes whatever the delimiter.
  public init(
    delimiter: UInt8, width: Int, kept: Int? = nil, rowEnd: UInt8 = 0x0A, decimalMark: UInt8 = 0x2E
  ) {
    precondition(width > 0, "a row without fields")
    self.delimiter = delimiter
    self.width = width
    self.kept = min(kept ?? width, width)
    self.rowEnd = rowEnd
    self.decimalMark = decimalMark
  }
}
