import Foundation
import Testing

/// `tickloom replay` beside the run whose store it is given.
struct ReplayTests {
  typealias Harness = CommandLineHarness

  /// What must be the same byte for byte: of the rejects what does not speak of their rows' text.
  private static func results(_ folder: URL) throws -> [String: [String]] {
    var results: [String: [String]] = [:]
    for name in ["bars", "features", "correlation", "n_eff", "covariance", "correlation_history"] {
      results[name] = try Harness.lines("\(name).csv", in: folder).map { String($0) }
    }
    results["rejects"] = try Harness.lines("rejects.csv", in: folder).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).prefix(5).joined(separator: ",")
    }
    // Those that were no ticks have no place in the order, and no row in the store.
    results["rejects"]?.removeAll { $0.hasPrefix("0,") }
    let summary = try Harness.lines("summary.json", in: folder)
    results["hash"] = summary.filter { $0.contains("\"last_hash\"") }.map { String($0) }
    return results
  }

  private static func replay(
    of options: [String], input: String = "", into folder: URL
  ) throws -> (run: [String: [String]], replays: [[String: [String]]]) {
    let (out, store) = (folder.appending(path: "out"), folder.appending(path: "run.db").path)
    let run = try Harness.run(
      options + ["--store", store, "--export", out.path, "--history", "7", "--quiet"],
      input: input)
    #expect(run.status == 0, "\(run.errors)")
    let replays = try ["1", "2"].map { shards in
      let again = folder.appending(path: "again\(shards)")
      let replay = try Harness.run([
        "replay", store, "--export", again.path, "--history", "7", "--shards", shards, "--quiet",
      ])
      #expect(replay.status == 0, "\(replay.errors)")
      return try results(again)
    }
    return (try results(out), replays)
  }

  @Test(arguments: [
    [], ["--shards", "2"], ["--estimator", "ewma:0.97", "--normalized"],
    ["--lateness", "2s", "--corrections", "10s", "--window", "16"],
    [
      "--timeframe", "5s", "--price", "bid", "--max-gap", "3", "--idle", "20s", "--min-periods",
      "9",
    ],
  ])
  func `puts out what the run put out`(options: [String]) throws {
    try Harness.inFolder { folder in
      let (run, replays) = try Self.replay(of: ["run", "sim:5,20000,3"] + options, into: folder)
      #expect((run["bars"] ?? []).count > 200 && (run["rejects"] ?? []).count > 10)
      for replay in replays { #expect(replay == run) }
    }
  }

  @Test func `rows that are no ticks are left out`() throws {
    let text = """
      time,symbol,bid,ask
      2024-01-02T09:30:00Z,A,1,2
      broken
      2024-01-02T09:30:01Z,A,1,2
      2024-01-02T09:30:02Z,,1,2
      2024-01-02T09:30:03Z,A,3,2
      2024-01-02T09:30:04Z,B,3,4
      2024-01-02T09:30:05Z,A,3,4

      """
    try Harness.inFolder { folder in
      let (run, replays) = try Self.replay(of: ["run", "-"], input: text, into: folder)
      #expect(run["rejects"]?.count == 2)
      for replay in replays { #expect(replay == run) }
    }
  }

  /// Where the wall clock has closed bars, the store knows when.
  @Test func `a live run that went by the wall clock comes out the same`() throws {
    var text = "time,symbol,price\n"
    for second in 0..<40 {
      let time = ISO8601DateFormatter().string(
        from: Date(timeIntervalSinceNow: Double(second - 60)))
      text += "\(time),\(second % 3 == 0 ? "A" : "B"),\(100 + second * 7 % 13)\n"
    }
    try Harness.inFolder { folder in
      let (run, replays) = try Self.replay(
        of: ["live", "-", "--clock", "wall"], input: text, into: folder)
      for replay in replays { #expect(replay == run) }
      let store = folder.appending(path: "run.db").path
      if StoreRunTests.hasShell {
        #expect(
          try StoreRunTests.ask("SELECT count(*) > 0 FROM clock_events", store, in: folder) == "1")
      }
    }
  }

  /// A stream cannot be run again otherwise, so it is kept; then it can be replayed, too.
  @Test func `a live run most of whose lines were late comes out the same`() throws {
    var text = "time,symbol,price\n"
    for second in (0..<30).reversed() {
      text += "2024-01-02T09:30:\(second < 10 ? "0" : "")\(second)Z,\(second % 2),7\n"
    }
    try Harness.inFolder { folder in
      let (run, replays) = try Self.replay(of: ["live", "-"], input: text, into: folder)
      #expect(run["rejects"]?.count ?? 0 > 15)
      for replay in replays { #expect(replay == run) }
    }
  }

  @Test func `wrong use is told`() throws {
    try Harness.inFolder { folder in
      let text = try Harness.write("no store", "x.db", in: folder)
      let missing = folder.appending(path: "none.db").path
      for (arguments, status, message) in [
        ([], 2, "give the one store to replay"),
        (["a", "b"], 2, "give the one store to replay"),
        ([text], 1, "is not a Tickloom store"),
        ([missing], 1, missing),
        ([text, "--timeframe", "1s"], 2, "--timeframe"),
      ] as [([String], Int32, String)] {
        let outcome = try Harness.run(["replay"] + arguments)
        #expect(outcome.status == status && outcome.errors.contains(message), "\(outcome.errors)")
      }
      #expect(Harness.names(in: folder) == ["x.db"])
    }
  }
}
