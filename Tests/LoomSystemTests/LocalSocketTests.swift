import Foundation
import LoomSystem
import Testing

struct LocalSocketTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/s"
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
  }

  /// Reads all that comes over the socket at a path.
  static func read(_ path: String, _ reading: StreamReading) throws(ByteSourceError) -> String {
    let source = try ByteSource(
      socket: LocalSocket(path: path, reading: reading), reading: reading)
    source.endOpening(at: 0)
    try source.commit()
    var bytes: [UInt8] = []
    while try source.append(100, to: &bytes) || source.isQuiet {}
    return String(decoding: bytes, as: UTF8.self)
  }

  static func startReading(
    _ path: String, end: Cancellation = Cancellation(), cancellation: Cancellation = Cancellation()
  ) throws -> Worker<String, ByteSourceError> {
    let reading = StreamReading(end: end, cancellation: cancellation)
    return try Worker(name: "reader") { () throws(ByteSourceError) in try read(path, reading) }
  }

  @Test func `waits for a producer and is gone at the end`() throws {
    let worker = try Self.startReading(path)
    let peer = SocketPeer(connectingTo: path)
    peer.send("a line\n")
    #expect(try names() == ["s"])
    peer.close()
    let text = try worker.join()
    #expect(text == "a line\n")
    #expect(try names() == [])
  }

  @Test func `connects to what listens and leaves its socket alone`() throws {
    let peer = SocketPeer(listeningAt: path)
    let worker = try Self.startReading(path)
    peer.accept()
    peer.send("a line\n")
    peer.close()
    let text = try worker.join()
    #expect(text == "a line\n")
    #expect(try names() == ["s"])
  }

  @Test func `takes the place of a socket that nobody listens at`() throws {
    SocketPeer(listeningAt: path).close()
    #expect(try names() == ["s"])
    let worker = try Self.startReading(path)
    SocketPeer(connectingTo: path).close()
    let text = try worker.join()
    #expect(text == "")
    #expect(try names() == [])
  }

  @Test func `does not remove what took its place`() throws {
    let worker = try Self.startReading(path)
    let peer = SocketPeer(connectingTo: path)
    try FileManager.default.removeItem(atPath: path)
    try folder.add("s", "a file")
    peer.close()
    _ = try worker.join()
    #expect(try folder.contents() == ["s": "a file"])
  }

  @Test(arguments: [true, false])
  func `a request ends the wait for a producer`(asksForEnd: Bool) throws {
    let request = Cancellation()
    let worker =
      try asksForEnd
      ? Self.startReading(path, end: request) : Self.startReading(path, cancellation: request)
    while try names() == [] { sched_yield() }
    request.request()
    do {
      _ = try worker.join()
      Issue.record("it waited for nobody")
    } catch { #expect(error == .cancelled(path: path)) }
    #expect(try names() == [])
  }

  @Test func `refuses what is no socket and leaves it`() throws {
    try folder.add("s", "a file")
    #expect {
      _ = try Self.startReading(path).join()
    } throws: {
      "\($0)".hasSuffix("/s: cannot be opened: it is no socket; name another path, or remove it")
    }
    #expect(try folder.contents() == ["s": "a file"])
  }

  @Test func `says what is wrong with a path`() throws {
    func message(_ path: String) throws -> String {
      do { return try Self.startReading(path).join() } catch { return "\(error)" }
    }
    #expect(
      try message(folder.path + "/" + String(repeating: "x", count: 108)).hasSuffix(
        "the path of a socket has at most 107 bytes; choose a shorter one"))
    #expect(try message(folder.path + "/no/s").contains("No such file or directory"))
    #expect(try names() == [])
  }
}
