internal import Glibc

/// The bytes of a file, whatever SQLite thinks of it.
@safe
final class PageFile: Sendable {
  private let descriptor: Int32
  /// How many bytes there are.
  let size: Int

  /// Opens a file to be read; nil where that fails.
  init?(path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    self.descriptor = descriptor
    size = StoreFile.size(path)
  }

  deinit { close(descriptor) }

  /// The bytes from `offset` on; those that cannot be read are zeros.
  func read(at offset: Int, count: Int) -> [UInt8] {
    unsafe Array(unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe buffer.update(repeating: 0)
      var done = 0
      while done < count {
        let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
        let read = unsafe pread(descriptor, start, count - done, offset + done)
        if read < 0 && errno == EINTR { continue }
        if read <= 0 { break }
        done += read
      }
      filled = count
    }
  }
}
