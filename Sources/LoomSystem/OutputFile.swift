internal import Glibc
internal import Synchronization

/// A file being written that has its final name only once ``commit()`` has succeeded.
///
/// The bytes go to `.NAME.PID-N.partial` in the same folder, which is removed when the value goes
/// away uncommitted; only a kill leaves it behind. Something at the path that is no regular file,
/// as a terminal, a pipe or `/dev/null`, is written to directly.
public struct OutputFile: ~Copyable, Sendable {
  /// The final name.
  public let path: String
  private let descriptor: Int32
  /// Where the bytes are until the commit; nil where there is nothing to rename.
  private var temporaryPath: String?
  /// Ends a wait for the reader of a pipe.
  private var cancellation: Cancellation?
  /// Its folder, where that is new: held until the temporary file has gone.
  private var folders: NewFolders?

  /// Creates an empty file that is to become `path`; a symbolic link is followed.
  ///
  /// Where `makesFolder` its folder is made, too, if it is missing, and goes away with the file.
  public init(path: String, makesFolder: Bool = false) throws(SystemError) {
    let folder = FileSystem.split(path).folder
    try self.init(path: path, in: makesFolder ? NewFolders(reaching: folder) : nil)
  }

  /// Creates an empty file that is to become `path`, in one of `folders`.
  init(path: String, in folders: NewFolders?) throws(SystemError) {
    let opened = try Self.open(path)
    self.init(opened)
    self.folders = folders
  }

  private typealias Opened = (path: String, descriptor: Int32, temporaryPath: String?)

  private init(_ opened: Opened) {
    (path, descriptor, temporaryPath) = opened
  }

  /// Standard output, which stays open.
  ///
  /// - Parameter cancellation: Ends a write, even one that waits for the reader of a pipe, with
  ///   ``SystemError/cancelled``.
  /// - Returns: The file.
  public static func standardOutput(cancellation: Cancellation? = nil) -> OutputFile {
    var file = OutputFile(("standard output", STDOUT_FILENO, nil))
    file.cancellation = cancellation
    return file
  }

  /// Standard error, which stays open.
  public static func standardError() -> OutputFile {
    OutputFile(("standard error", STDERR_FILENO, nil))
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
    if let temporaryPath { unsafe unlink(temporaryPath) }
  }

  /// Writes all of `bytes`.
  ///
  /// - Throws: ``SystemError/closedPipe`` where the reader has gone, otherwise why it failed.
  public func write(_ bytes: Span<UInt8>) throws(SystemError) {
    if let cancellation { return try writePatiently(bytes, cancellation) }
    let isWritten = unsafe bytes.withUnsafeBytes { unsafe Self.writeAll($0, to: descriptor) }
    if !isWritten { throw .last(.write, path) }
  }

  /// Writes in pieces that a pipe with room takes at once, so that every wait can be ended.
  private func writePatiently(
    _ bytes: Span<UInt8>, _ cancellation: Cancellation
  ) throws(SystemError) {
    var start = 0
    while start < bytes.count {
      guard cancellation.wait(forOutput: descriptor) else { throw .cancelled }
      let end = min(bytes.count, start + Int(PIPE_BUF))
      let isWritten = unsafe bytes.extracting(start..<end).withUnsafeBytes {
        unsafe Self.writeAll($0, to: descriptor)
      }
      if !isWritten { throw .last(.write, path) }
      start = end
    }
  }

  /// Whether all of `bytes` were written; `errno` says why not.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno != EINTR { return false }
      written += max(0, count)
    }
    return true
  }

  /// Puts everything on the disk and gives the file its final name, replacing what stood there.
  public consuming func commit() throws(SystemError) {
    let folders = folders
    guard let finished = try finish() else { return }
    try finished.rename()
    folders?.keep()
  }

  /// Puts everything on the disk; nil where there is nothing to rename.
  ///
  /// From here on the receiver of the result answers for the temporary file.
  consuming func finish() throws(SystemError) -> FinishedFile? {
    guard let temporaryPath else { return nil }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last(.write, path) }
    let finished = FinishedFile(path: path, temporaryPath: temporaryPath)
    self.temporaryPath = nil
    return finished
  }
}

extension OutputFile {
  private static let count = Atomic<Int>(0)

  private static func open(_ path: String) throws(SystemError) -> Opened {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return try replacing(path) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .failed(.create, path: path, code: EISDIR)
    case S_IFREG:
      let file = try replacing(withoutLinks(path))
      // A file that others may not read stays so when it is replaced.
      fchmod(file.descriptor, status.st_mode & 0o777)
      return file
    default: return try writingDirectly(to: path)
    }
  }

  private static func writingDirectly(to path: String) throws(SystemError) -> Opened {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
    if descriptor < 0 { throw .last(.create, path) }
    return (path, descriptor, nil)
  }

  private static func replacing(_ path: String) throws(SystemError) -> Opened {
    let (folder, name) = split(path)
    while true {
      // relaxed: only distinct numbers are needed.
      let number = count.wrappingAdd(1, ordering: .relaxed).oldValue
      let temporary = "\(folder).\(name).\(getpid())-\(number).partial"
      let descriptor = unsafe Glibc.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (path, descriptor, temporary) }
      if errno != EEXIST { throw .last(.create, path) }
    }
  }

  /// The folder with its closing slash, empty where there is none, and the name in it.
  private static func split(_ path: String) -> (folder: Substring, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path[...]) }
    return (path[...slash], path[path.index(after: slash)...])
  }

  private static func withoutLinks(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
