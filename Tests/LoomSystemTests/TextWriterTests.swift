import Foundation
import LoomSystem
import Testing

struct TextWriterTests {
  @Test func `writes rows of any length in order`() throws {
    let folder = try TemporaryFolder()
    var writer = TextWriter(try OutputFile(path: folder.path + "/rows"))
    var expected = ""
    for number in 0..<20_000 {
      writer.text.append(number)
      try writer.endRow()
      expected += "\(number)\n"
    }
    let long = String(repeating: "y", count: 200_000)
    try writer.write(Array(long.utf8).span)
    try writer.commit()
    #expect(try folder.contents() == ["rows": expected + long])
  }

  @Test func `reports a full disk at the row that meets it`() throws {
    var writer = TextWriter(try OutputFile(path: "/dev/full"))
    writer.text.append(String(repeating: "z", count: 70_000))
    #expect(throws: SystemError.failed(.write, path: "/dev/full", code: ENOSPC)) {
      try writer.endRow()
    }
  }
}
