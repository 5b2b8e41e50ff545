import Foundation
import Testing

/// A store while its run goes on, and after a kill.
struct StoreReadingTests {
  typealias Harness = CommandLineHarness

  /// A run that nobody waits for.
  private static func endless(_ store: String) -> [String] {
    ["run", "sim:2,100000000,1", "--store", store]
  }

  private static func count(_ query: String, _ store: String, in folder: URL) throws -> Int {
    // Before there is a file, asking would make one.
    if !Harness.names(in: folder).contains("run.db") { return -1 }
    let outcome = try SurroundingsTests.shell(
      "sqlite3 -readonly '\(store)' \"\(query)\"", in: folder)
    return Int(outcome.output.trimmingCharacters(in: .newlines)) ?? -1
  }

  @Test(
    .enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"),
    arguments: ["live", "run"])
  func `rows are there for a reader, and stay after a kill`(command: String) throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      let input = Pipe()
      let process = try Harness.start(
        command == "live" ? ["live", "-", "--store", store] : Self.endless(store), input: input)
      defer { process.terminate() }
      try input.fileHandleForWriting.write(
        contentsOf: Data(LiveCommandTests.samples[0].text.utf8))
      func count(_ query: String) throws -> Int { try Self.count(query, store, in: folder) }
      while process.isRunning, try count("SELECT sum(count) FROM blocks") < 500 {}
      let bars = try count("SELECT count(*) FROM bars")
      #expect(bars > 10)
      kill(process.processIdentifier, SIGKILL)
      #expect(InterruptMomentTests.end(process) == 1000 + SIGKILL)
      #expect(try count("SELECT count(*) FROM bars") >= bars)
      #expect(try count("SELECT count(*) FROM run WHERE state = 'running'") == 1)
      let replay = try Harness.run(["replay", store, "--json"])
      #expect(replay.status == 0, "\(replay.errors)")
    }
  }

  @Test(
    .enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"))
  func `a store is readable at once, and stays when the run is stopped`() throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      try Data().write(to: folder.appending(path: "run.db"))
      let process = try Harness.start(Self.endless(store))
      defer { process.terminate() }
      while process.isRunning,
        try Self.count("SELECT count(*) FROM run", store, in: folder) != 1
      {}
      kill(process.processIdentifier, SIGINT)
      #expect(InterruptMomentTests.end(process) == 130)
      #expect(
        try Self.count("SELECT count(*) FROM run WHERE state = 'running'", store, in: folder) == 1)
      #expect(try Harness.run(["verify", store]).status == 0)
    }
  }
}
