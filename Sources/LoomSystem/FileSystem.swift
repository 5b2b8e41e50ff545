internal import Glibc

/// What stands under a path, and how to look into folders.
public enum FileSystem {
  /// The kinds of thing a path can name.
  public enum Kind: Sendable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A pipe, a terminal, a socket or a device: read once, from front to end.
    case stream
    /// Nothing, or nothing that may be looked at.
    case missing
  }

  /// What `path` names, links followed.
  public static func kind(of path: String) -> Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .missing }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .stream
    }
  }

  /// What two paths to the same thing have in common, and no others.
  public struct Identity: Hashable, Sendable {
    let device: UInt
    let node: UInt
  }

  /// The identity of the regular file at `path`, links followed; nil where there is none.
  public static func identity(ofFile path: String) -> Identity? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Identity(device: UInt(status.st_dev), node: UInt(status.st_ino))
  }

  /// Whether two paths lead to the same file or folder; false where one leads nowhere.
  public static func isSame(_ one: String, _ other: String) -> Bool {
    var first = stat()
    var second = stat()
    guard unsafe stat(one, &first) == 0, unsafe stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Whether a file made at one path stands at the other, too, whether or not there is one now.
  public static func isSamePlace(_ one: String, _ other: String) -> Bool {
    if isSame(one, other) { return true }
    let (first, second) = (split(one), split(other))
    return first.name == second.name
      && (first.folder == second.folder || isSame(first.folder, second.folder))
  }

  /// The folder of a path, `.` where it names none, and the name in it.
  static func split(_ path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    let name = path[path.index(after: slash)...]
    var folder = path[..<slash]
    while folder.last == "/" { folder.removeLast() }
    return (folder.isEmpty ? "/" : String(folder), name)
  }

  /// The names in `folder` in byte order, `.` and `..` left out.
  ///
  /// - Throws: ``ByteSourceError/cannotOpen(path:reason:)``.
  public static func names(in folder: String) throws(ByteSourceError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      throw .cannotOpen(path: folder, reason: lastErrorText())
    }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    names.sort { $0.lexicographicallyPrecedes($1) }
    return names.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The system's explanation of the call that just failed, and what helps where that is known.
  static func lastErrorText(opening path: String? = nil) -> String {
    let code = errno
    // What was no UTF-8 on the disk or on the command line has become this character.
    if code == ENOENT, path?.contains("\u{FFFD}") == true {
      return "its name is not UTF-8; rename it, or give its contents as standard input"
    }
    let reason = unsafe String(cString: strerror(code))
    return switch code {
    case ENOENT: reason + "; check the spelling"
    case EACCES, EPERM: reason + "; choose what you may read, or change its permissions"
    case EMFILE, ENFILE: reason + "; raise the limit with ulimit -n"
    default: reason
    }
  }
}
