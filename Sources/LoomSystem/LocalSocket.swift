internal import Glibc

/// The reading end of a Unix-domain stream socket over which one producer sends.
///
/// Where something listens at the path it is connected to. Else the socket is made there and waits for
/// one producer; it is removed when the value goes away.
public final class LocalSocket: Sendable {
  /// Where it stands.
  public let path: String
  let descriptor: Int32
  /// What was made at the path, to be removed again; nil where something listened there.
  private let made: FileSystem.Node?

  /// Connects, or waits for a producer.
  ///
  /// - Throws: ``ByteSourceError``; that it was cancelled where either request of `reading` was made.
  public init(path: String, reading: StreamReading) throws(ByteSourceError) {
    self.path = path
    if let connected = try Self.connect(to: path) {
      (descriptor, made) = (connected, nil)
      return
    }
    let listener = try Self.listen(at: path)
    defer { close(listener) }
    let node = FileSystem.Node(at: path)
    do {
      descriptor = try Self.accept(on: listener, path, reading)
    } catch {
      node?.remove(at: path)
      throw error
    }
    made = node
  }

  deinit {
    close(descriptor)
    made?.remove(at: path)
  }

  /// A descriptor connected to what listens at `path`; nil where nothing does, and nothing is there
  /// any more.
  private static func connect(to path: String) throws(ByteSourceError) -> Int32? {
    switch FileSystem.Node(at: path)?.isSocket {
    case nil: return nil
    case false?:
      throw .cannotOpen(path: path, reason: "it is no socket; name another path, or remove it")
    case true?: break
    }
    let descriptor = try make(path)
    if unsafe try withAddress(path, { unsafe Glibc.connect(descriptor, $0, $1) }) == 0 {
      return descriptor
    }
    let code = errno
    close(descriptor)
    // Left behind by a process that is no more.
    guard code == ECONNREFUSED, unsafe unlink(path) == 0 else {
      throw .cannotOpen(path: path, reason: unsafe String(cString: strerror(code)))
    }
    return nil
  }

  private static func listen(at path: String) throws(ByteSourceError) -> Int32 {
    let descriptor = try make(path)
    guard unsafe try withAddress(path, { unsafe bind(descriptor, $0, $1) }) == 0,
      Glibc.listen(descriptor, 1) == 0
    else {
      let isMissing = errno == ENOENT
      let reason = FileSystem.lastErrorText()
      close(descriptor)
      // A socket that is not there would be made, so the spelling of a file is not what helps.
      throw .cannotOpen(
        path: path,
        reason: isMissing ? "No such file or directory; create its folder first" : reason)
    }
    return descriptor
  }

  private static func accept(
    on listener: Int32, _ path: String, _ reading: StreamReading
  ) throws(ByteSourceError) -> Int32 {
    while reading.cancellation.wait(forInput: listener, or: reading.end, milliseconds: -1) == .ready
    {
      let descriptor = Glibc.accept(listener, nil, nil)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
      }
      // The producer may have gone again before it was taken.
      if errno != EINTR, errno != ECONNABORTED, errno != EAGAIN {
        throw .cannotOpen(path: path, reason: FileSystem.lastErrorText())
      }
    }
    throw .cancelled(path: path)
  }

  private static func make(_ path: String) throws(ByteSourceError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    if descriptor < 0 { throw .cannotOpen(path: path, reason: FileSystem.lastErrorText()) }
    return descriptor
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(ByteSourceError) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < room else {
      throw .cannotOpen(
        path: path,
        reason: "the path of a socket has at most \(room - 1) bytes; choose a shorter one")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

extension FileSystem {
  /// What stands at a path, links not followed.
  struct Node: Hashable, Sendable {
    let identity: Identity
    let isSocket: Bool

    /// What stands at `path` now; nil where there is nothing.
    init?(at path: String) {
      var status = stat()
      guard unsafe lstat(path, &status) == 0 else { return nil }
      identity = Identity(device: UInt(status.st_dev), node: UInt(status.st_ino))
      isSocket = status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Removes it from `path`, unless something else stands there by now.
    func remove(at path: String) {
      if Node(at: path) == self { unsafe unlink(path) }
    }
  }
}
