import Foundation
import Testing

/// `tickloom verify --rebuild` on stores that are sound, changed, unfinished and recovered.
struct RebuildTests {
  typealias Harness = CommandLineHarness

  /// Calls `body` with the path of the store of a run with `options`.
  private static func withStore(
    _ options: [String], _ body: (String, URL) throws -> Void
  ) throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      let run = ["run", "sim:4,12000,5", "--store", store, "--history", "9", "--quiet"] + options
      #expect(try Harness.run(run).status == 0)
      try body(store, folder)
    }
  }

  private static func json(_ store: String) throws -> (status: Int32, rebuild: [String: Any]) {
    let outcome = try Harness.run(["verify", store, "--rebuild", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let rebuild = (object as? [String: Any])?["rebuild"] as? [String: Any]
    return (outcome.status, try #require(rebuild))
  }

  /// A number of each table, by its name.
  private static func numbers(_ name: String, _ rebuild: [String: Any]) -> [String: Int] {
    let tables = rebuild["tables"] as? [[String: Any]] ?? []
    return tables.reduce(into: [:]) { $0[$1["name"] as? String ?? ""] = $1[name] as? Int }
  }

  @Test(arguments: [
    [], ["--shards", "3", "--timeframe", "5s"], ["--estimator", "ewma:0.97", "--normalized"],
    ["--lateness", "2s", "--corrections", "10s", "--window", "16"],
    ["--price", "bid", "--max-gap", "3", "--idle", "20s"],
  ])
  func `everything a run has stored is what its inputs give`(options: [String]) throws {
    try Self.withStore(options) { store, _ in
      let (status, rebuild) = try Self.json(store)
      #expect(status == 0 && rebuild["verdict"] as? String == "equal", "\(rebuild)")
      let equal = Self.numbers("equal", rebuild)
      #expect(equal["bars"] ?? 0 > 200 && equal["features"] ?? 0 > 200)
      #expect(equal["versions"] ?? 0 > 50 && equal["matrices"] ?? 0 > 5)
      #expect(equal["rejects"] ?? 0 > 10)
      let text = try Harness.run(["verify", store, "--rebuild"])
      #expect(text.output.contains("every stored row is what the inputs give, bit for bit"))
      #expect(text.errors.isEmpty)
    }
  }

  @Test(
    .enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"),
    arguments: [
      ("UPDATE bars SET close = close + 1e-12 WHERE rowid = 100", "bars", "changed"),
      ("UPDATE bars SET symbol = 1 - symbol WHERE rowid = 100", "bars", "superfluous"),
      ("DELETE FROM bars WHERE rowid = 100", "bars", "missing"),
      ("DELETE FROM bars WHERE rowid > 100", "bars", "unwritten"),
      ("INSERT INTO bars SELECT * FROM bars WHERE rowid = 100", "bars", "superfluous"),
      ("UPDATE features SET rsi_14 = 50 WHERE rowid = 9", "features", "changed"),
      ("UPDATE features SET ema_20 = NULL WHERE rowid = 200", "features", "changed"),
      ("UPDATE versions SET time_ns = time_ns + 1 WHERE number = 33", "versions", "changed"),
      (
        "UPDATE versions SET hash = replace(hash, 'a', 'b') WHERE number IN (20, 21, 22)",
        "versions", "changed"
      ),
      ("UPDATE matrices SET n_eff = zeroblob(40) WHERE version = 45", "matrices", "changed"),
      ("UPDATE matrices SET version = 46 WHERE version = 45", "matrices", "changed"),
      ("UPDATE rejects SET reason = (reason + 1) % 8", "rejects", "changed"),
      ("INSERT INTO rejects SELECT min(seq) + 1, 2 FROM rejects", "rejects", "superfluous"),
    ])
  func `a change is found in its table`(sql: String, table: String, kind: String) throws {
    try Self.withStore([]) { store, folder in
      _ = try StoreRunTests.ask(sql, store, in: folder)
      let (status, rebuild) = try Self.json(store)
      #expect(status == 4 && rebuild["verdict"] as? String == "different")
      #expect(Self.numbers(kind, rebuild)[table] ?? 0 > 0, "\(rebuild)")
      let others = ["changed", "missing", "superfluous", "unwritten"].flatMap { kind in
        Self.numbers(kind, rebuild).filter { $0.key != table }.values
      }
      #expect(others.allSatisfy { $0 == 0 }, "\(rebuild)")
    }
  }

  @Test(.enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"))
  func `an unfinished run may lack the last rows, and no others`() throws {
    try Self.withStore([]) { store, folder in
      let sql = "UPDATE run SET state = 'running'; DELETE FROM versions WHERE number > 60"
      _ = try StoreRunTests.ask(sql, store, in: folder)
      let (_, rebuild) = try Self.json(store)
      #expect(rebuild["verdict"] as? String == "equal")
      #expect(Self.numbers("unwritten", rebuild)["versions"] ?? 0 > 10)
      #expect(Self.numbers("equal", rebuild)["versions"] == 60)
      let text = try Harness.run(["verify", store, "--rebuild"]).output
      #expect(text.contains("from version 61 at 2024"), "\(text)")
      _ = try StoreRunTests.ask("DELETE FROM versions WHERE number = 7", store, in: folder)
      #expect(try Self.json(store).rebuild["verdict"] as? String == "different")
    }
  }

  @Test(.enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"))
  func `of a recovered store what stands before the gap is compared`() throws {
    try Self.withStore(["--timeframe", "100ms"]) { store, folder in
      // As if the second half had been lost.
      let sql = """
        UPDATE run SET state = 'recovered';
        INSERT INTO gaps VALUES (5000, 12000, 7001);
        """
      _ = try StoreRunTests.ask(sql, store, in: folder)
      let (_, rebuild) = try Self.json(store)
      #expect(rebuild["verdict"] as? String == "equal")
      #expect(rebuild["inputs"] as? Int == 4999)
      for (kind, count) in Self.numbers("uncompared", rebuild) {
        let equal = Self.numbers("equal", rebuild)[kind] ?? 0
        #expect(count > 0 && (equal > 0 || kind == "matrices"), "\(rebuild)")
      }
      let text = try Harness.run(["verify", store, "--rebuild"]).output
      #expect(text.contains("from input 5,000 on nothing could be compared"), "\(text)")
    }
  }
}
