/// Where texts are unpacked that must be read from their end or many at once.
///
/// One file without a name for all of them; its room is given back when it is released.
public final class ByteSourceSpill {
  private let folder: String
  private var file: TemporaryFile?
  private var length: Int64 = 0

  /// Creates an empty place; the file is made when the first text comes.
  public init(folder: String) { self.folder = folder }

  /// Appends everything that `source` still has to give, and says where it stands.
  func take(_ source: ByteSource) throws(ByteSourceError) -> Range<Int64> {
    let start = length
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { unsafe buffer.deallocate() }
    while true {
      let count = unsafe try source.read(into: buffer)
      if count == 0 { return start..<length }
      let part = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
      try spilling { () throws(SystemError) in
        if file == nil { file = try TemporaryFile(in: folder) }
        unsafe try file?.append(part.bindMemory(to: UInt8.self).span)
      }
      length += Int64(count)
    }
  }

  /// Fills `target` with the bytes from `offset` on, which must be there.
  func read(
    at offset: Int64, into target: UnsafeMutableRawBufferPointer
  ) throws(ByteSourceError) {
    try spilling { () throws(SystemError) in unsafe try file?.read(at: Int(offset), into: target) }
  }

  private func spilling(_ body: () throws(SystemError) -> Void) throws(ByteSourceError) {
    do { try body() } catch {
      throw .cannotSpill(folder: folder, reason: error.description)
    }
  }
}
