import Foundation
import Testing

/// `--corrections`: bars and features come out as if late rows had been in time.
struct CorrectionRunTests {
  typealias Harness = CommandLineHarness

  private static let options = ["--window", "16", "--timeframe", "1s", "--quiet"]
  private static let correcting = ["--lateness", "1s", "--corrections", "30s"]

  /// Rows of four symbols over some minutes, one in nine of which stands behind later ones; prices and
  /// sizes whose sums are exact in any order.
  private static func rows(_ seconds: Int) -> [(place: Int, text: String)] {
    var state: UInt64 = 7
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var prices = [800, 900, 1000, 1100]
    return (0..<seconds * 8).map { index in
      // Registered in the same order, late or not.
      let symbol = index < 4 ? index : below(4)
      prices[symbol] += below(9) - 4
      let milliseconds = 1_577_836_800_000 + 125 * index
      let isLate = below(9) == 0 && index > 3
      // Some gaps, which late rows fill.
      let hole = index / 8 % 13 == 5 && !isLate
      let text = "\(milliseconds),S\(symbol),\(Double(prices[symbol]) / 8),\(1 + below(9))"
      return (isLate ? index + 20 + below(150) : index, hole ? "" : text)
    }
  }

  private static func file(_ name: String, seconds: Int = 240, in folder: URL) throws -> String {
    let late = rows(seconds).enumerated().filter { !$0.element.text.isEmpty }
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
    let text = late.map { $0.element.text + "\n" }.joined()
    return try Harness.write("time,symbol,price,size\n" + text, name, in: folder)
  }

  private static func export(
    _ file: String, _ more: [String], _ name: String, in folder: URL
  ) throws -> (files: [String: Data], summary: [String: Any]) {
    let out = folder.appending(path: name)
    let outcome = try Harness.run(["run", file, "--export", out.path] + options + more)
    #expect(outcome.status == 0, "\(outcome.errors)")
    var files: [String: Data] = [:]
    for name in Harness.names(in: out) {
      files[name] = try Data(contentsOf: out.appending(path: name))
    }
    let json = try JSONSerialization.jsonObject(with: files["summary.json"] ?? Data())
    files["summary.json"] = nil
    return (files, try #require(json as? [String: Any]))
  }

  /// The fields of bars but for the journal sequences and the revision, which are the last ones.
  private static func content(_ bars: Data?) -> [String] {
    String(decoding: bars ?? Data(), as: UTF8.self).split(separator: "\n").map { row in
      row.split(separator: ",", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: ",")
    }
  }

  @Test func `what comes out is what rows in time make, and revisions tell`() throws {
    try Harness.inFolder { folder in
      let file = try Self.file("ticks.csv", in: folder)
      let late = try Self.export(file, Self.correcting, "late", in: folder)
      let sorted = try Self.export(file, ["--sort"], "sorted", in: folder)
      #expect(Self.content(late.files["bars.csv"]) == Self.content(sorted.files["bars.csv"]))
      for name in ["features.csv", "correlation.csv", "n_eff.csv", "covariance.csv"] {
        #expect(late.files[name] == sorted.files[name], "\(name)")
      }
      let bars = String(decoding: late.files["bars.csv"] ?? Data(), as: UTF8.self)
      let revised = bars.split(separator: "\n").dropFirst().count { !$0.hasSuffix(",0") }
      let total = try #require(late.summary["total"] as? [String: Any])
      let other = try #require(sorted.summary["total"] as? [String: Any])
      let corrections = try #require(total["corrections"] as? Int)
      #expect(corrections > 50 && revised > 50)
      #expect(total["late"] as? Int == corrections && other["corrections"] as? Int == 0)
      for counter in ["bars", "missing", "outliers", "features"] {
        #expect(total[counter] as? Int == other[counter] as? Int, "\(counter)")
      }
      let symbols = try #require(late.summary["symbols"] as? [String: [String: Any]])
      #expect(symbols.values.compactMap { $0["corrections"] as? Int }.reduce(0, +) == corrections)
      let versions = try #require(late.summary["versions"] as? Int)
      #expect(versions > corrections)
    }
  }

  @Test func `any number of shards gives the same bytes, and so does live`() throws {
    try Harness.inFolder { folder in
      let file = try Self.file("ticks.csv", in: folder)
      let more = Self.correcting + ["--history", "20"]
      let one = try Self.export(file, more, "one", in: folder)
      for shards in ["2", "4"] {
        let other = try Self.export(file, more + ["--shards", shards], "s" + shards, in: folder)
        #expect(other.files == one.files, "\(shards) shards")
        #expect(other.summary["last_hash"] as? String == one.summary["last_hash"] as? String)
      }
      let out = folder.appending(path: "live")
      let outcome = try Harness.run(
        ["live", "-", "--export", out.path] + Self.options + more,
        input: try String(contentsOfFile: file, encoding: .utf8))
      #expect(outcome.status == 0, "\(outcome.errors)")
      for name in ["features.csv", "correlation.csv", "correlation_history.csv"] {
        #expect(try Data(contentsOf: out.appending(path: name)) == one.files[name], "\(name)")
      }
    }
  }

  @Test func `the summary tells how many corrected, and only where some did`() throws {
    try Harness.inFolder { folder in
      let file = try Self.file("ticks.csv", seconds: 60, in: folder)
      let options = Array(Self.options.dropLast())
      let outcome = try Harness.run(["run", file] + options + Self.correcting)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains(" corrected their bars"), "\(outcome.output)")
      let without = try Harness.run(["run", file] + options + ["--lateness", "1s"])
      #expect(without.output.contains(" late, ") && !without.output.contains("corrected"))
    }
  }

  @Test(.enabled(if: StoreRunTests.hasShell, "there is no sqlite3 in the path"))
  func `the store holds each bar once, as it is after all corrections`() throws {
    try Harness.inFolder { folder in
      let file = try Self.file("ticks.csv", seconds: 60, in: folder)
      let store = folder.appending(path: "run.db").path
      let exported = try Self.export(
        file, Self.correcting + ["--store", store, "--missing-rows", "0"], "out", in: folder)
      func rows(_ name: String) -> [Substring] {
        String(decoding: exported.files[name] ?? Data(), as: UTF8.self)
          .split(separator: "\n").dropFirst().map { $0 }
      }
      func ask(_ query: String) throws -> String {
        try StoreRunTests.ask(query, store, in: folder)
      }
      let bars = rows("bars.csv")
      let revisions = bars.compactMap { $0.split(separator: ",").last.flatMap { Int($0) } }
      #expect(
        try ask("SELECT count(*), sum(revision) FROM bars")
          == "\(bars.count)|\(revisions.reduce(0, +))")
      #expect(try ask("SELECT count(*) FROM features") == "\(rows("features.csv").count)")
      #expect(revisions.contains { $0 > 1 })
    }
  }

  @Test(arguments: [
    (["--corrections", "soon"], 2, "a span such as 10s or 1m"),
    (["--corrections", "-5s"], 2, "-5s"), (["--corrections", "30s"], 2, "needs --lateness"),
    (["--lateness", "1s", "--corrections", ""], 2, "--corrections: the value is empty"),
    (
      ["--lateness", "1s", "--corrections", "1s"], 1, "--corrections is 1s; allowed is 2s … 65536s"
    ),
    (["--lateness", "1s", "--corrections", "30d"], 1, "at most 65,536 bars of 1s"),
  ])
  func `a horizon there cannot be is told`(
    options: [String], status: Int32, message: String
  ) throws {
    let lateness = options.contains("--lateness") || status == 2 && message.hasPrefix("needs")
    let outcome = try Harness.run(
      ["run", "sim:2,100,1"] + options + (lateness ? [] : ["--lateness", "0s"]))
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
