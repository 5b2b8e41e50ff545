internal import Glibc

/// A folder whose new files get their final names together, or not at all.
///
/// Where a rename itself fails, the files renamed before it keep their names: each is complete.
public struct OutputDirectory: ~Copyable, Sendable {
  /// The folder.
  public let path: String
  private var finished: [FinishedFile] = []
  /// The folders made for it, outermost first; removed again where nothing is committed.
  private var created: [String] = []

  /// Takes the folder at `path`, which is made where it does not exist, its parents too.
  public init(path: String) throws(SystemError) {
    self.path = path
    var missing: [String] = []
    var folder = path
    while !folder.isEmpty, unsafe access(folder, F_OK) != 0, errno == ENOENT {
      missing.append(folder)
      folder = Self.parent(of: folder)
    }
    for folder in missing.reversed() {
      guard unsafe mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw .last(.create, folder)
      }
      created.append(folder)
    }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last(.create, path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .failed(.create, path: path, code: ENOTDIR)
    }
  }

  /// Takes the folder of the file at `path`, and makes it as ``init(path:)`` does.
  public init(ofFile path: String) throws(SystemError) {
    try self.init(path: FileSystem.split(path).folder)
  }

  /// Creates an empty file `name` in the folder; hand it back to ``finish(_:)`` when complete.
  public func makeFile(_ name: String) throws(SystemError) -> OutputFile {
    try OutputFile(path: path.hasSuffix("/") ? path + name : path + "/" + name)
  }

  /// Puts a complete file on the disk; its name follows with ``commit()``.
  public mutating func finish(_ file: consuming OutputFile) throws(SystemError) {
    if let file = try file.finish() { finished.append(file) }
  }

  /// Gives every finished file its final name.
  public consuming func commit() throws(SystemError) {
    created = []
    while let file = finished.first {
      finished.removeFirst()
      try file.rename()
    }
  }

  deinit {
    for file in finished { file.remove() }
    for folder in created.reversed() { unsafe rmdir(folder) }
  }

  private static func parent(of path: String) -> String {
    var rest = path[...]
    while rest.last == "/" { rest.removeLast() }
    while let last = rest.last, last != "/" { rest.removeLast() }
    while rest.last == "/" { rest.removeLast() }
    return String(rest)
  }
}
