/// Writes rows of text to a file, in blocks of 64 KiB.
///
/// Rows are formatted into ``text``, which cannot fail; ``endRow()`` writes what has come together.
public struct TextWriter: ~Copyable, Sendable {
  /// What is formatted but not written yet.
  public var text: TextBuffer
  private let file: OutputFile
  private static let blockBytes = 64 << 10

  /// Creates a writer that owns `file`.
  public init(_ file: consuming OutputFile) {
    text = TextBuffer(capacity: Self.blockBytes + 4096)
    self.file = file
  }

  /// Ends the row with a line feed.
  public mutating func endRow() throws(SystemError) {
    text.append(byte: UInt8(ascii: "\n"))
    try flushIfFull()
  }

  /// Writes bytes as they are, after what is formatted already.
  public mutating func write(_ bytes: Span<UInt8>) throws(SystemError) {
    text.append(bytes)
    try flushIfFull()
  }

  /// Hands everything to the operating system.
  public mutating func flush() throws(SystemError) {
    try text.withBytes { (bytes) throws(SystemError) in try file.write(bytes) }
    text.removeAll()
  }

  /// Writes what has come together, where that is a block.
  public mutating func flushIfFull() throws(SystemError) {
    if text.count >= Self.blockBytes { try flush() }
  }

  /// Writes what is left and gives the file back, to be committed.
  public consuming func finish() throws(SystemError) -> OutputFile {
    try flush()
    return file
  }

  /// Writes what is left and commits the file.
  public consuming func commit() throws(SystemError) {
    try finish().commit()
  }
}
