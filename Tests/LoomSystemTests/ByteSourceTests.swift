import Foundation
import LoomSystem
import Testing

struct ByteSourceTests {
  private static let text = Array(
    (0..<40_000).map { "row \($0),\($0 * 7)\n" }.joined().utf8)

  private static func read(_ bytes: [UInt8], keepsOpen: Bool = true) throws -> [UInt8] {
    let file = TemporaryText(bytes)
    let source = try ByteSource(path: file.path, keepsOpen: keepsOpen, bufferSize: 512)
    var read: [UInt8] = []
    while try source.append(1000, to: &read) {}
    #expect(source.bytesRead == Int64(bytes.count))
    #expect(source.size == Int64(bytes.count))
    return read
  }

  @Test func `reads plain text without its byte order mark`() throws {
    #expect(try Self.read(Self.text) == Self.text)
    #expect(try Self.read([0xEF, 0xBB, 0xBF] + Self.text, keepsOpen: false) == Self.text)
    #expect(try Self.read([]) == [])
    #expect(try Self.read([0x41]) == [0x41])
  }

  @Test func `unpacks gzip of several members`() throws {
    let half = Self.text.count / 2
    let packed = Packed.gzip(Array(Self.text[..<half])) + Packed.gzip(Array(Self.text[half...]))
    #expect(try Self.read(packed) == Self.text)
    #expect(try Self.read(packed + [0, 0, 0]) == Self.text)
  }

  @Test func `unpacks zstd of several frames`() throws {
    let half = Self.text.count / 2
    let packed = Packed.zstd(Array(Self.text[..<half])) + Packed.zstd(Array(Self.text[half...]))
    #expect(try Self.read(packed) == Self.text)
  }

  @Test(arguments: [1, 5, 20, 1000])
  func `says where a packed file was cut off`(missing: Int) throws {
    for packed in [Packed.gzip(Self.text), Packed.zstd(Self.text)] {
      let end = packed.count - missing
      do {
        _ = try Self.read(Array(packed[..<end]))
        Issue.record("a cut file was read to its end")
      } catch ByteSourceError.truncated(_, _, let byte) {
        #expect(byte == Int64(end))
      }
    }
  }

  @Test func `says where packed data is damaged`() throws {
    var packed = Packed.gzip(Self.text)
    packed[packed.count - 6] ^= 1
    do {
      _ = try Self.read(packed)
      Issue.record("damaged data was read")
    } catch ByteSourceError.damaged(_, let format, let byte, _) {
      #expect(format == "gzip")
      #expect(byte > 0 && byte <= Int64(packed.count))
    }
    do {
      _ = try Self.read(Packed.gzip(Self.text) + [0x41])
      Issue.record("bytes behind the end were ignored")
    } catch ByteSourceError.damaged {}
  }

  @Test(arguments: [false, true])
  func `turns UTF-16 into UTF-8`(isBigEndian: Bool) throws {
    let text = "time,äöü,𝄞,日本\n" + String(repeating: "é𝄞", count: 999)
    var bytes: [UInt8] = isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
    for unit in text.utf16 {
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      bytes += isBigEndian ? pair : pair.reversed()
    }
    #expect(String(decoding: try Self.read(bytes), as: UTF8.self) == text)
    #expect(String(decoding: try Self.read(Packed.gzip(bytes)), as: UTF8.self) == text)
    // Half a character at the end.
    #expect(String(decoding: try Self.read(bytes + [0x41]), as: UTF8.self) == text + "\u{FFFD}")
  }

  @Test func `starts again, skips, and reads what was unpacked`() throws {
    let file = TemporaryText(Packed.gzip(Self.text))
    let source = try ByteSource(path: file.path, keepsOpen: false)
    var first: [UInt8] = []
    #expect(try source.append(10, to: &first))
    source.rewind()
    try source.skip(Self.text.count - 5)
    var last: [UInt8] = []
    #expect(try source.append(10, to: &last))
    #expect(last == Array(Self.text.suffix(5)))
    #expect(source.unpackingBytes > 32_768)
    try source.unpack(into: ByteSourceSpill(folder: NSTemporaryDirectory()))
    #expect(source.isDirect)
    var all: [UInt8] = []
    while try source.append(9999, to: &all) {}
    #expect(all == Self.text)
    source.rewind()
    #expect(try source.append(3, to: &all))
  }

  @Test func `a pipe can be looked at first`() throws {
    let pipe = Pipe()
    let source = try ByteSource(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    #expect(!source.isSeekable)
    #expect(source.size == nil)
    pipe.fileHandleForWriting.write(Data("one,two\nthree".utf8))
    try pipe.fileHandleForWriting.close()
    var head: [UInt8] = []
    #expect(try source.append(4, to: &head))
    source.rewind()
    try source.commit()
    var all: [UInt8] = []
    while try source.append(5, to: &all) {}
    #expect(String(decoding: all, as: UTF8.self) == "one,two\nthree")
  }

  @Test func `names what cannot be opened`() {
    #expect {
      _ = try ByteSource(path: "/nonexistent/a.csv")
    } throws: {
      "\($0)"
        == "/nonexistent/a.csv: cannot be opened: No such file or directory; check the spelling"
    }
    #expect(throws: ByteSourceError.cannotOpen(path: "/tmp", reason: "it is a directory")) {
      try ByteSource(path: "/tmp")
    }
  }

  @Test func `a file that was replaced is not read on`() throws {
    let file = TemporaryText(Self.text)
    let source = try ByteSource(path: file.path, keepsOpen: false)
    var bytes: [UInt8] = []
    #expect(try source.append(10, to: &bytes))
    try Data(Self.text).write(to: URL(fileURLWithPath: file.path), options: .atomic)
    #expect(throws: ByteSourceError.changed(path: file.path)) {
      while try source.append(10_000, to: &bytes) {}
    }
  }

  @Test func `a damaged zstd file is told of in words`() throws {
    var packed = Packed.zstd(Self.text)
    packed[6] |= 6
    do {
      _ = try Self.read(packed)
      Issue.record("damaged data was read")
    } catch let error as ByteSourceError {
      #expect("\(error)".contains("the zstd data is damaged"))
      #expect("\(error)".contains("no option helps"))
    }
  }

  @Test func `a folder without room is named`() throws {
    let file = TemporaryText(Packed.gzip(Self.text))
    let source = try ByteSource(path: file.path)
    #expect(source.packing == .plain)
    #expect {
      try source.unpack(into: ByteSourceSpill(folder: "/nonexistent"))
    } throws: {
      "\($0)".hasPrefix("/nonexistent: no temporary file can be written: ")
    }
    #expect(source.packing == .gzip)
  }

  @Test func `every failure says what, where and what to do`() {
    let errors: [(ByteSourceError, String)] = [
      (.cannotRead(path: "a", byte: 7, reason: "r"), "a, byte 7: cannot be read: r"),
      (.changed(path: "a"), "a: was replaced by another file while it was being read; run again"),
      (
        .truncated(path: "a", format: "gzip", byte: 9),
        "a, byte 9: the file ends in the middle of its gzip data, rows are missing; "
          + "no option helps, fetch the file again"
      ),
    ]
    for (error, text) in errors { #expect("\(error)" == text) }
    #expect(throws: ByteSourceError.self) { try FileSystem.names(in: "/nonexistent") }
    #expect(FileSystem.kind(of: "/nonexistent") == .missing)
    #expect(FileSystem.kind(of: "/dev/null") == .stream)
    #expect(FileSystem.kind(of: "/tmp") == .folder)
  }
}
