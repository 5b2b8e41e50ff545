internal import Glibc

/// The raw bytes of one file or of standard input.
///
/// A regular file may be closed between reads and can start again at any byte. A pipe cannot:
/// what was read from it is remembered until ``commit()``, so that it can be looked at first.
@safe
final class ByteSourceInput {
  let path: String
  let isSeekable: Bool
  /// Bytes of the file; nil for a pipe.
  let size: Int64?
  /// Where in the file the next read starts.
  private(set) var offset: Int64 = 0

  private let cancellation: Cancellation?
  private var descriptor: Int32
  private let keepsOpen: Bool
  private let device: dev_t
  private let inode: ino_t
  private var recorded: [UInt8] = []
  private var replayed = 0
  private var records: Bool

  /// Opens `path`, or standard input where it is nil.
  init(
    path: String?, keepsOpen: Bool, cancellation: Cancellation? = nil
  ) throws(ByteSourceError) {
    self.path = path ?? "standard input"
    self.cancellation = cancellation
    descriptor = path.map { unsafe open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
    var status = stat()
    guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(
        path: self.path, reason: FileSystem.lastErrorText(opening: self.path))
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw .cannotOpen(path: self.path, reason: "it is a directory")
    }
    isSeekable = path != nil && status.st_mode & S_IFMT == S_IFREG
    size = isSeekable ? Int64(status.st_size) : nil
    device = status.st_dev
    inode = status.st_ino
    self.keepsOpen = keepsOpen || !isSeekable
    records = !isSeekable
  }

  deinit { closeDescriptor() }

  /// Fills `target` from the front and returns how many bytes came; 0 at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    if replayed < recorded.count { return unsafe replay(into: target) }
    try reopen()
    try awaitBytes()
    var count = 0
    repeat {
      count =
        unsafe isSeekable
        ? pread(descriptor, target.baseAddress, target.count, off_t(offset))
        : Glibc.read(descriptor, target.baseAddress, target.count)
    } while count < 0 && errno == EINTR
    guard count >= 0 else {
      throw .cannotRead(path: path, byte: offset, reason: FileSystem.lastErrorText())
    }
    offset += Int64(count)
    if records {
      unsafe recorded.append(contentsOf: target.prefix(count))
      replayed = recorded.count
    }
    if !keepsOpen { closeDescriptor() }
    return count
  }

  /// Starts again at `start`, which is 0 for a pipe.
  func rewind(to start: Int64 = 0) {
    precondition(isSeekable || (start == 0 && records), "a pipe was read past its look-ahead")
    offset = start
    replayed = 0
  }

  /// Ends the look-ahead: what a pipe delivers from here on is not remembered.
  func commit() { records = false }

  /// Closes a regular file until the next read.
  func rest() { if isSeekable { closeDescriptor() } }

  private func replay(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, recorded.count - replayed)
    unsafe target.copyBytes(from: recorded[replayed..<replayed + count])
    replayed += count
    offset = Int64(replayed)
    if replayed == recorded.count, !records {
      recorded = []
      replayed = 0
    }
    return count
  }

  /// Waits for what a pipe delivers next, so that a request to stop can end the waiting.
  private func awaitBytes() throws(ByteSourceError) {
    guard let cancellation else { return }
    let goesOn = isSeekable ? !cancellation.isRequested : cancellation.wait(forInput: descriptor)
    if !goesOn { throw .cancelled(path: path) }
  }

  private func reopen() throws(ByteSourceError) {
    if descriptor >= 0 { return }
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: FileSystem.lastErrorText())
    }
    guard status.st_dev == device, status.st_ino == inode else { throw .changed(path: path) }
  }

  private func closeDescriptor() {
    if descriptor > STDIN_FILENO { close(descriptor) }
    if descriptor != STDIN_FILENO { descriptor = -1 }
  }
}
