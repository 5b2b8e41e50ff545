import Foundation
import Testing

/// What `make` installs, tried with stand-ins for apt-get and its friends, so that nothing is.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make")))
struct MakefileTests {
  @Test func `names every missing package and installs them in one go`() throws {
    let run = try make("deps", standIns: ["pkg-config": "exit 1", "apt-get": "echo APT $*"])
    #expect(run.status == 0)
    let packages = [
      "libopenblas-dev", "liblapacke-dev", "libsqlite3-dev", "libzstd-dev", "zlib1g-dev",
      "libxxhash-dev",
    ]
    for package in packages { #expect(run.output.contains("\n  \(package)\n")) }
    let calls = run.output.split(separator: "\n").filter { $0.hasPrefix("APT") }
    #expect(calls.count == 2)
    #expect(calls.first == "APT update -q")
    #expect(calls.last?.hasPrefix("APT install -y") == true)
    #expect(calls.last?.hasSuffix(packages.joined(separator: " ")) == true)
  }

  @Test func `leaves apt alone where nothing is missing`() throws {
    let run = try make("deps", standIns: ["pkg-config": "exit 0", "apt-get": "echo APT; exit 1"])
    #expect(run.status == 0)
    #expect(!run.output.contains("APT"))
  }

  @Test func `asks sudo only where it is not root`() throws {
    let missing = ["pkg-config": "exit 1", "apt-get": "echo APT $*"]
    let user = try make(
      "deps",
      standIns: missing.merging(["id": "echo 1000", "sudo": "echo SUDO $*"]) { $1 })
    #expect(user.output.contains("SUDO apt-get update"))
    #expect(!user.output.contains("\nAPT"))
    let root = try make(
      "deps", standIns: missing.merging(["id": "echo 0", "sudo": "echo SUDO $*"]) { $1 })
    #expect(!root.output.contains("SUDO"))
  }

  @Test func `a failing installation fails`() throws {
    let run = try make(
      "deps", standIns: ["pkg-config": "exit 1", "id": "echo 0", "apt-get": "exit 100"])
    #expect(run.status != 0)
  }

  @Test func `help lists the commands of the README`() throws {
    let run = try make("help", standIns: [:])
    let commands = [
      "run", "test", "extension", "lint", "gate", "coverage", "bench", "peers", "plots", "sanitize",
      "clean",
    ]
    for command in commands {
      #expect(run.output.contains("make \(command) "), "\(run.output)")
    }
  }

  /// Runs make with scripts of the given bodies found before the real programs, and no input.
  private func make(
    _ goal: String, standIns: [String: String]
  ) throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, body) in standIns {
      try writeScript("#!/bin/sh\n\(body)", to: folder.appending(path: name).path)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/make")
    process.arguments = ["-C", Repository.root.path, goal]
    process.environment = ["PATH": "\(folder.path):/usr/bin:/bin"]
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(bytes: output, encoding: .utf8) ?? "")
  }

  /// Has another process write the file: a process that a test beside this one starts while we had
  /// it open for writing would keep it open, and nobody can execute it then ("text file busy").
  private func writeScript(_ script: String, to path: String) throws {
    let writer = Process()
    writer.executableURL = URL(filePath: "/bin/sh")
    writer.arguments = ["-c", "printf '%s\\n' \"$1\" > \"$0\" && chmod 755 \"$0\"", path, script]
    writer.standardInput = FileHandle.nullDevice
    try writer.run()
    writer.waitUntilExit()
    try #require(writer.terminationStatus == 0)
  }
}
