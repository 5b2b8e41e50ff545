import Foundation
import Testing

/// Interrupts at any moment of a run, and while it waits for others.
struct InterruptMomentTests {
  typealias Harness = CommandLineHarness

  /// Everything that a run can write.
  static func arguments(in folder: URL) -> [String] {
    let names = ["out", "page.html", "store.db"].map { folder.appending(path: $0).path }
    return [
      "run", "sim:5,6000,2", "--timeframe", "100ms", "--export", names[0], "--history", "9",
      "--report", names[1], "--store", names[2],
    ]
  }

  static func end(_ process: Process) -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : 1000 + process.terminationStatus
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `whatever the moment, all of it is there or nothing`(signal: Int32) throws {
    let finished = try Harness.inFolder { folder in
      let start = ContinuousClock.now
      let process = try Harness.start(Self.arguments(in: folder))
      #expect(Self.end(process) == 0)
      #expect(Harness.names(in: folder) == ["out", "page.html", "store.db"])
      return ContinuousClock.now - start
    }
    var moments = SystemRandomNumberGenerator()
    for _ in 0..<6 {
      let share = Double.random(in: 0...1.1, using: &moments)
      try Harness.inFolder { folder in
        let process = try Harness.start(Self.arguments(in: folder))
        while process.isRunning, try !InterruptTests.catchesInterrupts(process) {
          Thread.sleep(forTimeInterval: 0.001)
        }
        Thread.sleep(forTimeInterval: finished / .seconds(1) * share)
        kill(process.processIdentifier, signal)
        let status = Self.end(process)
        let (left, out) = (
          Harness.names(in: folder), Harness.names(in: folder.appending(path: "out"))
        )
        if status == 130, left.isEmpty { return }
        // A store keeps what it has come to, which is whole.
        if status == 130, left == ["store.db"] {
          #expect(try Harness.run(["verify", folder.path + "/store.db"]).status == 0)
          return
        }
        // Too late to stop: the export and the store stand whole, and perhaps the page too.
        #expect(status == 0 || status == 130, "after \(share)")
        #expect(left.filter { $0 != "page.html" } == ["out", "store.db"], "after \(share)")
        #expect(out.count == 8 && !out.contains { $0.hasSuffix(".partial") }, "after \(share)")
      }
    }
  }

  @Test func `an interrupt ends a wait for the reader of a pipe`() throws {
    let (output, errors) = (Pipe(), Pipe())
    let process = try Harness.start(["sim", "3,100000000,1"], output: output, errors: errors)
    // The first bytes are here, nobody takes the rest, so it fills the pipe and waits.
    _ = try output.fileHandleForReading.read(upToCount: 1)
    while process.isRunning, try !Self.sleeps(process) { Thread.sleep(forTimeInterval: 0.005) }
    kill(process.processIdentifier, SIGINT)
    #expect(Self.end(process) == 130)
    let message = try errors.fileHandleForReading.readToEnd() ?? Data()
    #expect(String(decoding: message, as: UTF8.self) == "tickloom: interrupted before the end\n")
  }

  /// Whether a process waits for something, by its state in the kernel.
  static func sleeps(_ process: Process) throws -> Bool { isIn("S", process) }

  /// Whether it is in a state as the system writes it: `S` asleep, `T` stopped.
  static func isIn(_ state: Character, _ process: Process) -> Bool {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = try? String(contentsOfFile: path, encoding: .utf8)
    return status?.contains("State:\t\(state)") ?? false
  }

  @Test func `what hang-ups were told to spare goes on`() throws {
    try Harness.inFolder { folder in
      let line = "trap '' HUP; exec $tickloom sim 3,200000,1 > $folder/sim.csv & sleep 0.05; "
      let outcome = try SurroundingsTests.shell(line + "kill -HUP $!; wait $!", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try Harness.lines("sim.csv", in: folder).count == 200_001)
    }
  }
}
