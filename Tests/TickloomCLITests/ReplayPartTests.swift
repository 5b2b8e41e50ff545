import Foundation
import Testing

/// `tickloom replay` of some inputs, and at other speeds.
struct ReplayPartTests {
  typealias Harness = CommandLineHarness

  private static let selection = [
    "--symbols", "SIM4,SIM2", "--from", "2024-01-02T14:31:00Z", "--to", "2024-01-02T14:34:00Z",
  ]

  /// Calls `body` with the path of the store of a small run, in a folder of its own.
  private static func withStore(
    _ options: [String] = [], _ body: (String, URL) throws -> Void
  ) throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      let run = ["run", "sim:5,20000,3", "--store", store, "--quiet"] + options
      #expect(try Harness.run(run).status == 0)
      try body(store, folder)
    }
  }

  /// The tables of an export, without the columns that hold sequences.
  private static func tables(_ folder: URL) throws -> [String: [String]] {
    var tables: [String: [String]] = [:]
    for name in ["features", "correlation", "n_eff", "covariance"] {
      tables[name] = try Harness.lines("\(name).csv", in: folder)
    }
    tables["bars"] = try Harness.lines("bars.csv", in: folder).map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return (fields[..<18] + fields[20...]).joined(separator: ",")
    }
    tables["rejects"] = try Harness.lines("rejects.csv", in: folder).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false)[1..<4].joined(separator: ",")
    }
    let summary = try Harness.lines("summary.json", in: folder)
    tables["hash"] = summary.filter { $0.contains("\"last_hash\"") }
    return tables
  }

  @Test(arguments: [
    [], ["--timeframe", "5s", "--price", "bid"],
    ["--lateness", "1s", "--corrections", "10s", "--window", "16"],
  ])
  func `a part of the inputs gives what run makes of it`(options: [String]) throws {
    try Self.withStore(options) { store, folder in
      let (run, again) = (folder.appending(path: "run"), folder.appending(path: "again"))
      let first = try Harness.run(
        ["run", "sim:5,20000,3", "--export", run.path, "--quiet"] + options + Self.selection)
      let second = try Harness.run(
        ["replay", store, "--export", again.path, "--quiet"] + Self.selection)
      #expect(first.status == 0 && second.status == 0, "\(first.errors)\(second.errors)")
      let (expected, found) = (try Self.tables(run), try Self.tables(again))
      #expect((expected["bars"] ?? []).count > 30 && (expected["rejects"] ?? []).count > 1)
      #expect(found == expected)
    }
  }

  @Test func `inputs of a part keep their sequences`() throws {
    try Self.withStore { store, folder in
      let out = folder.appending(path: "out")
      let replay = ["replay", store, "--symbols", "SIM3", "--export", out.path, "--quiet"]
      #expect(try Harness.run(replay).status == 0)
      let whole = folder.appending(path: "whole")
      #expect(try Harness.run(["replay", store, "--export", whole.path, "--quiet"]).status == 0)
      // Its quotes and trades are the same, whoever else is there; only the market clock is not.
      let all = Set(try Harness.lines("bars.csv", in: whole).filter { $0.contains(",SIM3,") })
      let alone = try Harness.lines("bars.csv", in: out).dropFirst()
      #expect(alone.filter { all.contains($0) }.count > alone.count / 2)
      #expect(!alone.isEmpty && alone.allSatisfy { $0.contains(",SIM3,") })
    }
  }

  @Test(arguments: [["--speed", "5000x"], ["--speed", "step"]])
  func `any speed gives the same bytes`(speed: [String]) throws {
    try Self.withStore { store, folder in
      let (fast, slow) = (folder.appending(path: "fast"), folder.appending(path: "slow"))
      let quick = ["replay", store, "--export", fast.path, "--quiet"] + Self.selection
      #expect(try Harness.run(quick).status == 0)
      let paced = ["replay", store, "--export", slow.path, "--quiet"] + Self.selection + speed
      let outcome = try Harness.run(paced)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      for name in ["bars", "features", "correlation", "n_eff", "covariance", "rejects"] {
        let lines = try Harness.lines("\(name).csv", in: slow)
        #expect(try lines == Harness.lines("\(name).csv", in: fast))
      }
    }
  }

  @Test func `a step shows what has closed and waits for a line`() throws {
    try Self.withStore { store, _ in
      let (input, errors) = (Pipe(), Pipe())
      let process = try Harness.start(
        ["replay", store, "--speed", "step"], input: input, errors: errors)
      var shown = ""
      func read(until part: String) {
        while !shown.contains(part) {
          let data = errors.fileHandleForReading.availableData
          if data.isEmpty { return }
          shown += String(decoding: data, as: UTF8.self)
        }
      }
      read(until: "inputs 2 to 36\n")
      let steps = shown.split(separator: "\n").filter { $0.hasPrefix("input ") }
      #expect(steps.count == 1, "\(shown)")
      for _ in 0..<30 { try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }
      read(until: "version 1 at 2024-01-02 14:30:01 UTC")
      kill(process.processIdentifier, SIGINT)
      #expect(InterruptMomentTests.end(process) == 130)
    }
  }

  @Test func `without lines a stepped replay goes on to the end`() throws {
    try Self.withStore { store, _ in
      let replay = ["replay", store, "--speed", "step", "--to", "2024-01-02T14:30:20Z"]
      let outcome = try Harness.run(replay, input: "\n\n")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("version 12 at 2024-01-02 14:30:12 UTC"))
      #expect(outcome.output.contains("tickloom  5 symbols, bars of 1s"))
    }
  }

  @Test func `an interrupt ends a paced replay with 130 and leaves nothing`() throws {
    try Self.withStore { store, folder in
      let out = folder.appending(path: "out")
      let process = try Harness.start(
        ["replay", store, "--speed", "0.01x", "--export", out.path])
      while process.isRunning, !Harness.names(in: out).contains(where: { $0.contains("bars") }) {
        Thread.sleep(forTimeInterval: 0.005)
      }
      kill(process.processIdentifier, SIGINT)
      #expect(InterruptMomentTests.end(process) == 130)
      #expect(Harness.names(in: out) == [])
    }
  }

  @Test func `a paced replay shows the market on a terminal`() throws {
    try Self.withStore { store, _ in
      let screen = try LiveTerminalTests.Screen(["--speed", "20x"], of: ["replay", store])
      screen.read(until: "SIM5")
      #expect(screen.text.contains("tickloom replay"))
      #expect(!screen.text.contains("tickloom live"))
      kill(screen.process.processIdentifier, SIGINT)
      screen.read(until: nil)
      #expect(InterruptMomentTests.end(screen.process) == 130)
      #expect(screen.text.contains(LiveTerminalTests.closed))
    }
  }

  @Test(arguments: [
    (["--speed", "fast"], 2, "max, step, or a number and x"), (["--speed", "0x"], 2, "`0x`"),
    (["--from", "2024-01-03", "--to", "2024-01-02"], 2, "is not before"),
    (["--symbols", "SIM1,"], 2, "a list of names"),
    (["--symbols", "SIM1,EURUSD"], 1, "no symbol `EURUSD`"),
    (["--symbols", "SIM1", "--store", "tickloom-none.db"], 2, "without gaps in their sequences"),
  ])
  func `wrong use is told`(options: [String], status: Int32, part: String) throws {
    try Self.withStore { store, _ in
      let outcome = try Harness.run(["replay", store] + options)
      #expect(outcome.status == status && outcome.errors.contains(part), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }
}
