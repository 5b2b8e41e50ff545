internal import Glibc

/// A folder whose new files get their final names together, or not at all.
///
/// Where a rename itself fails, the files renamed before it keep their names: each is complete.
public struct OutputDirectory: ~Copyable, Sendable {
  /// The folder.
  public let path: String
  private var finished: [FinishedFile] = []
  /// The folders made for it; removed again where nothing is committed.
  private let created: NewFolders

  /// Takes the folder at `path`, which is made where it does not exist, its parents too.
  public init(path: String) throws(SystemError) {
    let created = try NewFolders(reaching: path)
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last(.create, path) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .failed(.create, path: path, code: ENOTDIR)
    }
    self.path = path
    self.created = created
  }

  /// Creates an empty file `name` in the folder; hand it back to ``finish(_:)`` when complete.
  public func makeFile(_ name: String) throws(SystemError) -> OutputFile {
    try OutputFile(path: path.hasSuffix("/") ? path + name : path + "/" + name, in: created)
  }

  /// Puts a complete file on the disk; its name follows with ``commit()``.
  public mutating func finish(_ file: consuming OutputFile) throws(SystemError) {
    if let file = try file.finish() { finished.append(file) }
  }

  /// Gives every finished file its final name.
  public consuming func commit() throws(SystemError) {
    created.keep()
    while let file = finished.first {
      finished.removeFirst()
      try file.rename()
    }
  }

  deinit {
    for file in finished { file.remove() }
  }
}
