import Foundation

/// The other end of a Unix-domain socket, as a producer has it.
final class SocketPeer {
  private var descriptor: Int32

  /// Connects to `path`, waiting until something listens there.
  init(connectingTo path: String) {
    descriptor = Self.make()
    while unsafe !Self.withAddress(path, { unsafe connect(descriptor, $0, $1) == 0 }) {
      sched_yield()
    }
  }

  /// Listens at `path`; a connection is held by the kernel until it is accepted.
  init(listeningAt path: String) {
    descriptor = Self.make()
    _ = unsafe Self.withAddress(path) { unsafe bind(descriptor, $0, $1) == 0 }
    listen(descriptor, 1)
  }

  deinit { close() }

  /// Takes the connection that came to a listening one in its place.
  func accept() {
    let listener = descriptor
    descriptor = Foundation.accept(listener, nil, nil)
    Foundation.close(listener)
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes[sent...].withUnsafeBytes { rest in
        unsafe write(descriptor, rest.baseAddress, rest.count)
      }
      if count < 0 { return }
      sent += count
    }
  }

  func close() {
    if descriptor >= 0 { Foundation.close(descriptor) }
    descriptor = -1
  }

  private static func make() -> Int32 { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
  ) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
