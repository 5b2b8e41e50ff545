import Foundation
import Testing

/// `--store` holds what `--export` holds, for whoever asks it with SQLite.
struct StoreRunTests {
  typealias Harness = CommandLineHarness

  static let hasShell = SurroundingsTests.succeeds("command -v sqlite3")

  static func ask(_ query: String, _ store: String, in folder: URL) throws -> String {
    let outcome = try SurroundingsTests.shell("sqlite3 '\(store)' \"\(query)\"", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output.trimmingCharacters(in: .newlines)
  }

  @Test(.enabled(if: hasShell, "there is no sqlite3 in the path"))
  func `answers with the numbers of the export`() throws {
    try Harness.inFolder { folder in
      let (out, store) = (folder.appending(path: "out"), folder.appending(path: "run.db").path)
      let outcome = try Harness.run([
        "run", "sim:4,20000,5", "--store", store, "--export", out.path, "--history", "25",
        "--missing-rows", "0", "--quiet",
      ])
      #expect(outcome.status == 0)
      #expect(Harness.names(in: folder).filter { $0.hasPrefix("run.db") } == ["run.db"])

      func ask(_ query: String) throws -> String { try Self.ask(query, store, in: folder) }
      let (bars, features) = (
        try Harness.lines("bars.csv", in: out), try Harness.lines("features.csv", in: out)
      )
      let history = try Harness.lines("correlation_history.csv", in: out)
      #expect(try ask("SELECT state FROM run") == "finished")
      #expect(try ask("SELECT count(*) FROM bars") == "\(bars.count - 1)")
      #expect(try ask("SELECT count(*) FROM features") == "\(features.count - 1)")
      #expect(try ask("SELECT group_concat(name) FROM symbols") == "SIM1,SIM2,SIM3,SIM4")
      #expect(try ask("SELECT count(*) * 10 FROM matrices") == "\(history.count - 1)")
      let summary = try String(contentsOf: out.appending(path: "summary.json"), encoding: .utf8)
      let hash = try ask("SELECT hash FROM versions ORDER BY number DESC LIMIT 1")
      #expect(hash.count == 32 && summary.contains("\"last_hash\": \"\(hash)\""))
      let last = try #require(bars.last).split(separator: ",", omittingEmptySubsequences: false)
      #expect(
        try ask(
          "SELECT close FROM bars_text WHERE symbol = 'SIM4' ORDER BY timestamp_utc DESC LIMIT 1")
          == last[6])
    }
  }

  @Test func `a second run is refused by name and changes nothing`() throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      #expect(try Harness.run(["run", "sim:2,2000,1", "--store", store, "--quiet"]).status == 0)
      let before = try Data(contentsOf: URL(filePath: store))
      let again = try Harness.run(["run", "sim:2,2000,2", "--store", store, "--quiet"])
      #expect(again.status == 1)
      #expect(again.errors.contains("\(store) already holds a run; name a new file"))
      #expect(try Data(contentsOf: URL(filePath: store)) == before)
      #expect(Harness.names(in: folder) == ["run.db"])
    }
  }
}
