import Foundation
import LoomSystem
import Testing

struct OutputFileTests {
  private func write(_ text: String, to file: borrowing OutputFile) throws {
    try file.write(Array(text.utf8).span)
  }

  @Test func `has its name only after the commit`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/bars.csv"
    let file = try OutputFile(path: path)
    try write("a,b\n", to: file)
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.commit()
    #expect(try folder.contents() == ["bars.csv": "a,b\n"])
  }

  @Test func `leaves what stood there when it is given up`() throws {
    let folder = try TemporaryFolder()
    try folder.add("bars.csv", "old")
    do {
      let file = try OutputFile(path: folder.path + "/bars.csv")
      try write("new", to: file)
    }
    #expect(try folder.contents() == ["bars.csv": "old"])
  }

  @Test func `follows a link and keeps the permissions of what it replaces`() throws {
    let folder = try TemporaryFolder()
    try folder.add("real.csv", "old")
    let manager = FileManager.default
    try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path + "/real.csv")
    try manager.createSymbolicLink(
      atPath: folder.path + "/link.csv", withDestinationPath: "real.csv")
    let file = try OutputFile(path: folder.path + "/link.csv")
    try write("new", to: file)
    try file.commit()
    #expect(try manager.destinationOfSymbolicLink(atPath: folder.path + "/link.csv") == "real.csv")
    #expect(try String(contentsOfFile: folder.path + "/real.csv", encoding: .utf8) == "new")
    let mode = try manager.attributesOfItem(atPath: folder.path + "/real.csv")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func `tells a full disk with what to do`() throws {
    let file = try OutputFile(path: "/dev/full")
    let error = SystemError.failed(.write, path: "/dev/full", code: ENOSPC)
    #expect(throws: error) { try write("x", to: file) }
    #expect(
      error.description == "cannot write /dev/full: No space left on device; "
        + "free some space on its file system, or choose another folder")
  }

  @Test func `a name that became impossible leaves nothing`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/bars.csv"
    let file = try OutputFile(path: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let expected = SystemError.failed(.rename, path: path, code: EISDIR)
    do {
      try file.commit()
      Issue.record("no error")
    } catch {
      #expect(error == expected)
    }
    #expect(try folder.visible("") == ["bars.csv"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }

  @Test func `the standard outputs need no name`() throws {
    let error = OutputFile.standardError().path
    let output = OutputFile.standardOutput().path
    #expect([output, error] == ["standard output", "standard error"])
    try OutputFile.standardOutput().commit()
  }

  @Test func `refuses a folder and a missing one by name`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: SystemError.failed(.create, path: folder.path, code: EISDIR)) {
      _ = try OutputFile(path: folder.path)
    }
    let missing = folder.path + "/none/bars.csv"
    #expect(throws: SystemError.failed(.create, path: missing, code: ENOENT)) {
      _ = try OutputFile(path: missing)
    }
  }

  @Test func `a directory names its files together`() throws {
    let folder = try TemporaryFolder()
    var output = try OutputDirectory(path: folder.path + "/deep/out/")
    let bars = try output.makeFile("bars.csv")
    let features = try output.makeFile("features.csv")
    try write("1", to: bars)
    try write("2", to: features)
    try output.finish(bars)
    try output.finish(features)
    #expect(try folder.visible("deep/out").isEmpty)
    try output.commit()
    #expect(try folder.visible("deep/out") == ["bars.csv", "features.csv"])
  }

  @Test func `a directory given up leaves nothing, not even itself`() throws {
    let folder = try TemporaryFolder()
    do {
      var output = try OutputDirectory(path: folder.path + "/deep/out")
      try output.finish(try output.makeFile("bars.csv"))
    }
    #expect(try folder.visible("").isEmpty)
  }

  @Test func `a file that outlives its directory takes the new folders with it`() throws {
    let folder = try TemporaryFolder()
    func givesUpFirst() throws -> OutputFile {
      let output = try OutputDirectory(path: folder.path + "/deep/out")
      return try output.makeFile("bars.csv")
    }
    do {
      let file = try givesUpFirst()
      #expect(try folder.visible("") == ["deep"])
      try file.write([49].span)
    }
    #expect(try folder.visible("").isEmpty)
  }

  @Test func `a file makes its folder where it is told to`() throws {
    let folder = try TemporaryFolder()
    do { _ = try OutputFile(path: folder.path + "/deep/out/a.csv", makesFolder: true) }
    #expect(try folder.visible("").isEmpty)
    try OutputFile(path: folder.path + "/deep/out/a.csv", makesFolder: true).commit()
    #expect(try folder.visible("deep/out") == ["a.csv"])
  }

  @Test func `a directory that is a file is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.add("out", "")
    #expect(throws: SystemError.failed(.create, path: folder.path + "/out", code: ENOTDIR)) {
      _ = try OutputDirectory(path: folder.path + "/out")
    }
  }
}
