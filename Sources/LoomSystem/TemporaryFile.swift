internal import Glibc

/// A file without a name: it is gone with its last user, or the process, however that ends.
final class TemporaryFile: Sendable {
  private let descriptor: Int32
  private let folder: String

  /// Creates an empty file in `folder`.
  init(in folder: String) throws(SystemError) {
    let descriptor = Self.open(folder)
    if descriptor < 0 { throw .last(.spool, folder) }
    self.descriptor = descriptor
    self.folder = folder
  }

  deinit { close(descriptor) }

  private static func open(_ folder: String) -> Int32 {
    var template = Array("\(folder)/tickloom-\(String(repeating: "X", count: 6))".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { return descriptor }
    unsafe unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  /// Appends `bytes`.
  func append(_ bytes: Span<UInt8>) throws(SystemError) {
    let isWritten = unsafe bytes.withUnsafeBytes {
      unsafe OutputFile.writeAll($0, to: descriptor)
    }
    guard isWritten else { throw .last(.spool, folder) }
  }

  /// Fills `buffer` with the bytes from `offset` on, which must be there.
  func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) {
    var filled = 0
    while filled < buffer.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = unsafe pread(descriptor, rest.baseAddress, rest.count, offset + filled)
      if count == 0 { throw .failed(.spool, path: folder, code: EIO) }
      if count < 0 && errno != EINTR { throw .last(.spool, folder) }
      filled += max(0, count)
    }
  }
}
