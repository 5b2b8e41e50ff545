internal import Glibc
internal import Synchronization

/// Folders made for output, removed again with the last user of them unless they are to stay.
///
/// Everything that writes into them holds them: they go away after the last unfinished file in them,
/// in whatever order the values that hold those go away.
final class NewFolders: Sendable {
  /// Outermost first.
  private let paths = Mutex<[String]>([])

  deinit {
    for path in paths.withLock({ $0 }).reversed() { unsafe rmdir(path) }
  }

  /// Makes the folder at `path` where it does not exist, its parents too.
  init(reaching path: String) throws(SystemError) {
    var missing: [String] = []
    var folder = path
    while !folder.isEmpty, unsafe access(folder, F_OK) != 0, errno == ENOENT {
      missing.append(folder)
      folder = Self.parent(of: folder)
    }
    for folder in missing.reversed() {
      if unsafe mkdir(folder, 0o777) == 0 {
        paths.withLock { $0.append(folder) }
      } else if errno != EEXIST {
        throw .last(.create, folder)
      }
    }
  }

  private static func parent(of path: String) -> String {
    var rest = path[...]
    while rest.last == "/" { rest.removeLast() }
    while let last = rest.last, last != "/" { rest.removeLast() }
    while rest.last == "/" { rest.removeLast() }
    return String(rest)
  }

  /// Lets them stay for good.
  func keep() { paths.withLock { $0.removeAll() } }
}
