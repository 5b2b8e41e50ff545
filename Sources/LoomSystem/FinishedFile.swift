internal import Glibc

/// A file that is complete and on the disk, but does not have its final name yet.
struct FinishedFile: Sendable {
  let path: String
  let temporaryPath: String

  /// Gives it its final name; where that fails, it is removed.
  func rename() throws(SystemError) {
    guard unsafe Glibc.rename(temporaryPath, path) == 0 else {
      let error = SystemError.last(.rename, path)
      remove()
      throw error
    }
    synchronizeFolder()
  }

  func remove() { unsafe unlink(temporaryPath) }

  /// Puts the new name itself on the disk, as far as the file system can.
  private func synchronizeFolder() {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
