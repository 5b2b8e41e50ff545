import Foundation
import Testing

struct InterruptTests {
  typealias Harness = CommandLineHarness

  /// Starts a run that would take minutes, sends `signal` once its files are there, and returns how
  /// it ended and what is left in the folder.
  func stop(with signal: Int32) throws -> (status: Int32, left: [String]) {
    try Harness.inFolder { folder in
      let out = folder.appending(path: "out")
      let process = try Harness.start(["run", "sim:9,900000000,1", "--export", out.path])
      while process.isRunning, !Harness.names(in: out).contains(where: { $0.contains("bars") }) {
        Thread.sleep(forTimeInterval: 0.005)
      }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      let status =
        process.terminationReason == .exit
        ? process.terminationStatus : 1000 + process.terminationStatus
      return (status, Harness.names(in: out))
    }
  }

  @Test func `an interrupt ends with 130 and leaves nothing`() throws {
    let (status, left) = try stop(with: SIGINT)
    #expect(status == 130)
    #expect(left == [])
  }

  @Test func `a kill leaves nothing under a final name`() throws {
    let (status, left) = try stop(with: SIGKILL)
    #expect(status == 1000 + SIGKILL)
    #expect(left.allSatisfy { $0.hasSuffix(".partial") })
  }

  @Test func `an interrupt ends a wait for standard input`() throws {
    let pipe = Pipe()
    let errors = Pipe()
    let process = try Harness.start(["run", "-"], input: pipe, errors: errors)
    try pipe.fileHandleForWriting.write(contentsOf: Data("timestamp,price\n".utf8))
    while process.isRunning, try !Self.catchesInterrupts(process) {
      Thread.sleep(forTimeInterval: 0.005)
    }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
  }

  /// Whether a process has a handler for SIGINT, by the kernel's mask of caught signals.
  static func catchesInterrupts(_ process: Process) throws -> Bool {
    let path = "/proc/\(process.processIdentifier)/status"
    guard let status = try? String(contentsOfFile: path, encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }),
      let mask = UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
    else { return false }
    return mask & (1 << UInt64(SIGINT - 1)) != 0
  }

  @Test func `a reader that goes ends the writer quietly`() throws {
    let (output, errors) = (Pipe(), Pipe())
    let process = try Harness.start(["sim", "3,100000000,1"], output: output, errors: errors)
    _ = try output.fileHandleForReading.read(upToCount: 1000)
    try output.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 141)
    #expect(try errors.fileHandleForReading.readToEnd() ?? Data() == Data())
  }
}
