internal import Glibc

/// A SQLite file beside which nobody works: all of it is in the one file, and no log is in use.
///
/// SQLite makes a log and its index beside whatever it opens, even to read, and leaves them there. A
/// file that nobody writes can be read without, and without a lock, from where nothing can be written,
/// too. Whoever begins to write it meanwhile commits to a log, which does not change the file; only a
/// checkpoint does, and that is seen by the time and the size of the file.
struct QuietFile: Hashable, Sendable {
  let path: String
  private let identity: [Int]

  /// Looks at the file at `path`; nil where somebody may be at work, or a log is to be read.
  init?(path: String) {
    self.init(leftAt: path)
    if !StoreFile.isMissing(path + "-shm") { return nil }
  }

  /// Looks at the file at `path`, beside which the index of a log may lie that nobody can use; nil
  /// where a log is to be read.
  init?(leftAt path: String) {
    // The file first: whatever changes it after that will be seen.
    guard let identity = Self.identity(of: path), StoreFile.size(path + "-wal") == 0,
      StoreFile.size(path + "-journal") == 0
    else { return nil }
    self.path = path
    self.identity = identity
  }

  /// Whether the file has not been changed since.
  ///
  /// A time has the grain of a tick of the system, some milliseconds; within one nobody finishes a
  /// store, and another goes on with it, and all of that after this was made.
  var isUnchanged: Bool { Self.identity(of: path) == identity }

  /// The name under which SQLite opens the file without a lock, and nothing beside it.
  var name: String {
    // Two slashes stand for no host; without them a path that begins with two would name one.
    var name = path.hasPrefix("/") ? "file://" : "file:./"
    for byte in path.utf8 {
      let isPlain =
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "-")...57 ~= byte
      name += isPlain ? String(UnicodeScalar(byte)) : Self.escaped(byte)
    }
    return name + "?immutable=1"
  }

  private static func escaped(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.utf8.count == 1 ? "%0" + text : "%" + text
  }

  private static func identity(of path: String) -> [Int]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec,
    ]
  }
}
