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

  /// Whether the last read returned nothing because nothing had come for a while.
  private(set) var isQuiet = false
  /// Nanoseconds that reads of a stream have waited.
  private(set) var waitedNanoseconds: Int64 = 0
  /// Whether the input ended because somebody asked for its end.
  private(set) var isCutShort = false

  private let cancellation: Cancellation?
  /// How a stream is read whose lines are taken as they come.
  private let stream: StreamReading?
  private let socket: LocalSocket?
  private var descriptor: Int32
  private let keepsOpen: Bool
  private let device: dev_t
  private let inode: ino_t
  private var recorded: [UInt8] = []
  private var replayed = 0
  private var records: Bool
  /// Where the look-ahead of a stream ends; nil where it goes as far as it is read.
  private var openingEnd: Int?

  /// Opens `path`, or standard input where it is nil.
  init(
    path: String?, keepsOpen: Bool, cancellation: Cancellation? = nil,
    stream: StreamReading? = nil
  ) throws(ByteSourceError) {
    self.path = path ?? "standard input"
    self.cancellation = cancellation
    self.stream = stream
    socket = nil
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

  /// Takes what comes over `socket`.
  init(_ socket: LocalSocket, stream: StreamReading) {
    path = socket.path
    cancellation = stream.cancellation
    self.stream = stream
    self.socket = socket
    descriptor = socket.descriptor
    (isSeekable, size, device, inode) = (false, nil, 0, 0)
    (keepsOpen, records) = (true, true)
  }

  deinit { closeDescriptor() }

  /// Fills `target` from the front and returns how many bytes came; 0 at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    if replayed < openingEnd ?? recorded.count { return unsafe replay(into: target) }
    if openingEnd != nil { return 0 }
    try reopen()
    guard try awaitBytes() else { return 0 }
    return unsafe try take(into: target)
  }

  private func take(
    into target: UnsafeMutableRawBufferPointer
  ) throws(ByteSourceError) -> Int {
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
  func commit() {
    records = false
    openingEnd = nil
  }

  /// Closes a regular file until the next read.
  func rest() { if isSeekable { closeDescriptor() } }

  private func replay(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, (openingEnd ?? recorded.count) - replayed)
    unsafe target.copyBytes(from: recorded[replayed..<replayed + count])
    replayed += count
    offset = Int64(replayed)
    if replayed == recorded.count, !records {
      recorded = []
      replayed = 0
    }
    return count
  }

  /// Waits for what a pipe delivers next, so that a request to stop can end the waiting; false where
  /// there is nothing to read now.
  private func awaitBytes() throws(ByteSourceError) -> Bool {
    if let stream { return try awaitBytes(stream, stream.patienceMilliseconds) }
    guard let cancellation else { return true }
    let goesOn = isSeekable ? !cancellation.isRequested : cancellation.wait(forInput: descriptor)
    if !goesOn { throw .cancelled(path: path) }
    return true
  }

  private func awaitBytes(
    _ stream: StreamReading, _ milliseconds: Int32
  ) throws(ByteSourceError) -> Bool {
    isQuiet = false
    let start = MonotonicClock.nanoseconds
    defer { waitedNanoseconds += MonotonicClock.nanoseconds - start }
    switch stream.cancellation.wait(
      forInput: descriptor, or: stream.end, milliseconds: milliseconds)
    {
    case .ready: return true
    case .elapsed: isQuiet = true
    case .cancelled:
      if stream.cancellation.isRequested { throw .cancelled(path: path) }
      isCutShort = true
    }
    return false
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
    if descriptor > STDIN_FILENO, socket == nil { close(descriptor) }
    if descriptor != STDIN_FILENO { descriptor = -1 }
  }
}

// MARK: The opening of a stream

extension ByteSourceInput {
  /// What has come so far.
  var opening: [UInt8] { recorded }

  /// Adds to the opening what comes within `milliseconds`; false at the end, and where nothing came,
  /// which ``isQuiet`` says.
  func extendOpening(milliseconds: Int32) throws(ByteSourceError) -> Bool {
    guard let stream else { preconditionFailure("\(path) is no stream") }
    guard try awaitBytes(stream, milliseconds) else { return false }
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    defer { unsafe target.deallocate() }
    return unsafe try take(into: target) > 0
  }

  /// Ends the look-ahead before byte `end` of the opening: until ``commit()`` there is no more.
  func endOpening(at end: Int) {
    openingEnd = end
    isQuiet = false
    rewind()
  }
}
