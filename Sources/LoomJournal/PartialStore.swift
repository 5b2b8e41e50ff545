internal import CSQLite
internal import Glibc

/// A store that is being made under a temporary name, `.NAME.PID.partial` in the same folder.
///
/// It gets its name once it is complete; else nothing is left of it.
struct PartialStore: ~Copyable {
  /// The final name, which nothing has yet.
  let path: String
  /// The name until then.
  let temporaryPath: String

  /// Creates an empty file.
  ///
  /// - Throws: ``JournalError/exists(path:)``, or why there cannot be a file.
  init(path: String) throws(JournalError) {
    if !StoreFile.isMissing(path) { throw .exists(path: path) }
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let temporary = "\(path[..<slash]).\(path[slash...]).\(getpid()).partial"
    let descriptor = unsafe open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw Self.refusal(path) }
    close(descriptor)
    self.path = path
    temporaryPath = temporary
  }

  deinit { StoreFile.remove(temporaryPath) }

  /// Puts everything on the disk and gives the file its name, unless something has it by now.
  consuming func finish() throws(JournalError) {
    let descriptor = unsafe open(temporaryPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.refusal(path) }
    let isSynced = fsync(descriptor) == 0
    close(descriptor)
    if !isSynced { throw Self.refusal(path) }
    let isLinked = unsafe link(temporaryPath, path) == 0
    if !isLinked {
      if errno == EEXIST { throw .exists(path: path) }
      // Some file systems know no second names.
      guard unsafe rename(temporaryPath, path) == 0 else { throw Self.refusal(path) }
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let place = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if place < 0 { return }
    fsync(place)
    close(place)
  }

  private static func refusal(_ path: String) -> JournalError {
    .failed(path: path, code: SQLITE_CANTOPEN, message: "", systemCode: errno)
  }
}
