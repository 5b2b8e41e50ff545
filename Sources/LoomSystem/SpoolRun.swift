/// One sorted run in the temporary file of a ``SortedSpool``.
///
/// A record is stored as time, order and length (8, 8 and 4 bytes) and its bytes.
struct SpoolRun: Sendable {
  static let headerBytes = 20
  private static let blockBytes = 1 << 20

  let file: TemporaryFile
  /// Where in the file it lies.
  let range: Range<Int>

  /// Appends sorted records to `file`, at whose end `start` is.
  init(
    _ memory: borrowing SpoolMemory, appendedTo file: TemporaryFile, at start: Int
  ) throws(SystemError) {
    var end = start
    var block = TextBuffer(capacity: Self.blockBytes + 4096)
    for entry in memory.entries {
      Self.append(header: entry, to: &block)
      memory.withRecord(entry) { block.append($0) }
      if block.count >= Self.blockBytes { end += try Self.flush(&block, to: file) }
    }
    end += try Self.flush(&block, to: file)
    self.file = file
    range = start..<end
  }

  private static func append(header entry: SpoolMemory.Entry, to block: inout TextBuffer) {
    let end = unsafe block.room(for: headerBytes)
    unsafe end.storeBytes(of: entry.time, as: Int64.self)
    unsafe end.storeBytes(of: entry.order, toByteOffset: 8, as: UInt64.self)
    unsafe end.storeBytes(of: UInt32(entry.length), toByteOffset: 16, as: UInt32.self)
    block.advance(by: headerBytes)
  }

  private static func flush(
    _ block: inout TextBuffer, to file: TemporaryFile
  ) throws(SystemError) -> Int {
    try block.withBytes { (bytes) throws(SystemError) in try file.append(bytes) }
    defer { block.removeAll() }
    return block.count
  }
}
