import Foundation
import Testing

/// `tickloom at`, `why` and `explain`: what they print, and how they refuse.
struct PastCommandTests {
  typealias Harness = CommandLineHarness

  /// Calls `body` with the store and the export of a run that keeps every tenth matrix.
  private static func withRun(_ body: (String, URL) throws -> Void) throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      let run = [
        "run", "sim:3,12000,5", "--window", "32", "--store", store, "--history", "10", "--export",
        folder.appending(path: "out").path, "--quiet",
      ]
      #expect(try Harness.run(run).status == 0)
      try body(store, folder)
    }
  }

  private static func json(_ arguments: [String]) throws -> [String: Any] {
    let outcome = try Harness.run(arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(object as? [String: Any])
  }

  @Test func `at gives the matrices that the run has exported`() throws {
    try Self.withRun { store, folder in
      let out = folder.appending(path: "out")
      let info = try Self.json(["info", store])
      let last = try #require(info["last_version"] as? Int)
      let file = folder.appending(path: "matrix.csv")
      let outcome = try Harness.run(["at", store, "--version", "\(last)", "--export", file.path])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(outcome.output.contains(", as published"))
      #expect(
        try Data(contentsOf: file)
          == Data(contentsOf: out.appending(path: "correlation.csv")))
      // Any other one is in the history.
      let at = try Self.json(["at", store, "--version", "60"])
      let rows = try #require(at["correlation"] as? [[Any]])
      let history = try Harness.lines("correlation_history.csv", in: out).filter {
        $0.split(separator: ",")[1] == "60" && $0.contains(",SIM1,SIM3,")
      }
      let correlation = try #require(rows[0][2] as? Double)
      let exported = try #require(history.first).split(separator: ",")[4]
      #expect(abs(correlation - (Double(exported) ?? 9)) < 1e-15, "\(exported)")
      #expect(at["verdict"] as? String == "equal")
    }
  }

  @Test(.enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"))
  func `at tells that a version is not the one that was published`() throws {
    try Self.withRun { store, folder in
      let sql = "UPDATE versions SET hash = replace(hash, '0', '1') WHERE number = 77"
      _ = try StoreRunTests.ask(sql, store, in: folder)
      let outcome = try Harness.run(["at", store, "--version", "77"])
      #expect(outcome.status == 4 && outcome.output.contains("NOT as published"))
      _ = try StoreRunTests.ask(
        "UPDATE matrices SET correlation = zeroblob(48) WHERE version = 80", store, in: folder)
      let kept = try Harness.run(["at", store, "--version", "80"])
      #expect(kept.status == 4 && kept.output.contains("but the kept matrix differs"))
    }
  }

  @Test func `why shows a row for each of the window`() throws {
    try Self.withRun { store, _ in
      let why = ["why", store, "--version", "1,00", "--pair", "SIM1,SIM2"]
      let text = try Harness.run(why)
      #expect(text.status == 0 && text.errors.isEmpty)
      let lines = text.output.split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("2024-01-02 ") }.count == 32)
      #expect(lines.contains { $0.hasPrefix("published   rho 0.") })
      #expect(lines.contains { $0.hasPrefix("from rows   rho 0.") })
      #expect(!lines.contains { $0.hasSuffix(" ") })
      let json = try Self.json(why)
      #expect((json["rows"] as? [Any])?.count == 32)
      #expect(abs(json["difference"] as? Double ?? 1) < 1e-12)
      let early = try Harness.run(["why", store, "--version", "5", "--pair", "SIM1,SIM2"])
      #expect(early.output.contains("not defined: at least 16 rows must have both"))
    }
  }

  @Test func `explain follows an input, and says why it was rejected`() throws {
    try Self.withRun { store, folder in
      let json = try Self.json(["explain", store, "--seq", "5000"])
      let tick = try #require(json["tick"] as? [String: Any])
      let bar = try #require(json["bar"] as? [String: Any])
      let name = try #require(tick["symbol"] as? String)
      let start = try #require(bar["time"] as? String)
      let exported = try Harness.lines("bars.csv", in: folder.appending(path: "out"))
      let line = try #require(exported.first { $0.hasPrefix("\(start),\(name),") })
      #expect(line.hasSuffix(",\(bar["first_seq"] ?? ""),\(bar["last_seq"] ?? ""),0"))
      let text = try Harness.run(["explain", store, "--seq", "5,000"])
      #expect(text.status == 0 && text.output.contains("fate       accepted"))
      let rejects = try Harness.lines("rejects.csv", in: folder.appending(path: "out"))
      let reject = try #require(rejects.dropFirst().first).split(separator: ",")
      let rejected = try Harness.run(["explain", store, "--seq", String(reject[0])])
      #expect(rejected.output.contains("rejected: \(reject[3])"), "\(rejected.output)")
      #expect(!rejected.output.contains("bar  "))
    }
  }

  private static let wrongUses: [(arguments: [String], status: Int32, part: String)] = [
    (["at"], 2, "at takes one argument"), (["at", "STORE"], 2, "at needs --version"),
    (["at", "STORE", "--version", "x"], 2, "a number, 1 or more"),
    (["at", "STORE", "--version", "0"], 2, "a number, 1 or more"),
    (["at", "STORE", "--version", "99999"], 1, "there is no version 99999"),
    (["at", "STORE", "--version", "1", "--export", "STORE"], 2, "names the store"),
    (["at", "none.db", "--version", "1"], 1, "there is no store none.db"),
    (["at", "/etc/passwd", "--version", "1"], 1, "not a Tickloom store"),
    (["why", "STORE", "--version", "1"], 2, "why needs --pair"),
    (["why", "STORE", "--pair", "SIM1,SIM2"], 2, "why needs --version"),
    (["why", "STORE", "--version", "1", "--pair", "SIM1"], 2, "two names"),
    (["why", "STORE", "--version", "1", "--pair", "SIM1,SIM1"], 2, "correlates with itself"),
    (["why", "STORE", "--version", "1", "--pair", "SIM1,X"], 1, "no symbol `X`"),
    (["explain", "STORE"], 2, "explain needs --seq"),
    (["explain", "STORE", "--seq", "-4"], 2, "--seq"),
    (["explain", "STORE", "--seq", "12001"], 1, "it holds 1 to 12000"),
    (["verify", "none.db", "--rebuild"], 1, "there is no store none.db"),
  ]

  @Test func `wrong use is told`() throws {
    try Self.withRun { store, _ in
      for (arguments, status, part) in Self.wrongUses {
        let outcome = try Harness.run(arguments.map { $0 == "STORE" ? store : $0 })
        #expect(outcome.status == status && outcome.errors.contains(part), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
      }
    }
  }
}
