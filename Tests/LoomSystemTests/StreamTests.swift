import LoomSystem
import Testing

/// Text that comes over a socket while it is read.
struct StreamTests {
  let folder: TemporaryFolder
  let peer: SocketPeer
  let source: ByteSource
  let end = Cancellation()
  let cancellation = Cancellation()

  init() throws {
    folder = try TemporaryFolder()
    let path = folder.path + "/s"
    peer = SocketPeer(listeningAt: path)
    let reading = StreamReading(end: end, cancellation: cancellation, patienceMilliseconds: 1)
    source = try ByteSource(socket: LocalSocket(path: path, reading: reading), reading: reading)
    peer.accept()
  }

  /// What a read returns now, nil at the end; empty where the stream is quiet.
  func read() throws -> String? {
    var bytes: [UInt8] = []
    let hasMore = try source.append(100, to: &bytes)
    return hasMore || source.isQuiet ? String(decoding: bytes, as: UTF8.self) : nil
  }

  func begin() throws {
    source.endOpening(at: 0)
    try source.commit()
  }

  @Test func `a quiet stream returns with nothing and goes on`() throws {
    try begin()
    #expect(try read() == "")
    peer.send("some")
    #expect(try read() == "some")
    #expect(try read() == "")
    peer.send("more")
    #expect(try read() == "more")
    peer.close()
    #expect(try read() == nil)
    #expect(!source.isCutShort)
  }

  @Test func `a request for the end is the end, one to stop an error`() throws {
    try begin()
    peer.send("some")
    #expect(try read() == "some")
    end.request()
    #expect(try read() == nil)
    #expect(source.isCutShort)
    cancellation.request()
    #expect(throws: ByteSourceError.cancelled(path: source.path)) { try read() }
  }

  @Test func `what is looked at first ends where it was said to`() throws {
    peer.send("\u{FEFF}one\ntwo\nthr")
    #expect(try source.extendOpening(milliseconds: -1))
    #expect(source.opening.count == 14)
    #expect(try !source.extendOpening(milliseconds: 1))
    #expect(source.isQuiet)
    source.endOpening(at: 11)
    for _ in 0..<2 {
      #expect(try readAll() == "one\ntwo\n")
      #expect(try read() == nil)
      source.rewind()
    }
    peer.send("ee\n")
    try source.commit()
    #expect(try readAll() == "one\ntwo\nthree\n")
    #expect(source.isQuiet)
  }

  /// What there is until the stream is quiet or at its end.
  func readAll() throws -> String {
    var text = ""
    while let part = try read(), !part.isEmpty { text += part }
    return text
  }

  /// The rows that are there now, by their first fields; nil at the end.
  func rows(_ block: RowBlock) throws -> [String]? {
    guard try block.next(from: source) else { return source.isQuiet ? [] : nil }
    return (0..<block.rowCount).map {
      String(decoding: block.field(row: $0, column: 0), as: UTF8.self)
    }
  }

  func makeBlock() -> RowBlock {
    RowBlock(
      layout: RowLayout(delimiter: 0x2C, width: 2), maxRows: 4, bufferSize: 64, firstLine: 1)
  }

  @Test func `whole rows come at once, an unfinished one waits for its rest`() throws {
    try begin()
    let block = makeBlock()
    peer.send("a,1\nb,2\nc")
    #expect(try rows(block) == ["a", "b"])
    #expect(try rows(block) == [])
    for piece in ["c,", "\"3", "\""] {
      peer.send(piece)
      #expect(try rows(block) == [])
    }
    peer.send("\n")
    #expect(try rows(block) == ["cc"])
    #expect(block.line(of: 0) == 3)
    peer.send("d,4")
    peer.close()
    #expect(try rows(block) == ["d"])
    #expect(try rows(block) == nil)
  }

  @Test func `an end that is asked for drops the unfinished row`() throws {
    try begin()
    let block = makeBlock()
    peer.send("a,1\nb,\"2\nc,3\nd,10")
    #expect(try rows(block) == ["a"])
    #expect(try rows(block) == [])
    end.request()
    // The quote that never closed is one broken row, as at the end of a file.
    #expect(try rows(block) == ["b,\"2", "c"])
    #expect(try rows(block) == nil)
  }
}
