import Foundation
import Testing

/// Every input ends in exactly one counter, and every file holds as much as the counters say.
struct CountersTests {
  typealias Harness = CommandLineHarness
  typealias Counts = [String: Int]

  static let reasons = [
    "malformed", "unknown_symbol", "invalid_time", "invalid_price", "crossed", "invalid_size",
    "duplicate", "late", "overflow",
  ]

  /// A simulated market of which some rows are broken in every way that text can be.
  static func disturbed(_ csv: String) -> String {
    csv.split(separator: "\n").enumerated().map { place, row in
      if place == 0 { return String(row) }
      var fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      switch place % 97 {
      case 1: fields[0] = "soon"
      case 7: fields[1] = ""
      case 13: fields[0] = "1812-06-24T00:00:00Z"
      case 19: fields[2] = "-1"
      case 29: fields[3] = "inf"
      case 37: fields[7] = "-5"
      case 43: fields.append("more")
      case 53: fields[2] = "1,5"
      case 61: (fields[2], fields[3], fields[6]) = ("", "", "")
      case 71: fields[0] = "2024-01-02T14:30:00Z"
      default: break
      }
      return fields.joined(separator: ",")
    }.joined(separator: "\n") + "\n"
  }

  @Test(arguments: [1, 2], [[], ["--lateness", "2s"], ["--timeframe", "100ms", "--sort"]])
  func `all counters are there and add up`(seed: Int, options: [String]) throws {
    try Harness.inFolder { folder in
      let csv = try Harness.run(["sim", "5,6000,\(seed)"]).output
      let file = try Harness.write(Self.disturbed(csv), "feed.csv", in: folder)
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(
        ["run", file, "--export", out.path, "--strict", "--json"] + options)
      #expect(outcome.status == 3, "\(outcome.errors)")
      let json = try JSONSerialization.jsonObject(
        with: Data(contentsOf: out.appending(path: "summary.json")))
      let summary = try #require(json as? [String: Any])
      let total = try #require(summary["total"] as? Counts)
      let symbols = try #require(summary["symbols"] as? [String: Counts])
      #expect(Set(symbols.keys) == ["SIM1", "SIM2", "SIM3", "SIM4", "SIM5"])
      #expect(total["received"] == 6000)
      for counts in [total] + symbols.values {
        let rejected = Self.reasons.compactMap { counts[$0] }
        #expect(rejected.count == Self.reasons.count)
        #expect(counts["received"] == (counts["accepted"] ?? 0) + rejected.reduce(0, +))
      }
      try Self.compare(total, with: out)
      // What is malformed or has no symbol may belong to none; all else does.
      for name in total.keys where !["received", "malformed", "unknown_symbol"].contains(name) {
        let sum = symbols.values.reduce(0) { $0 + ($1[name] ?? 0) }
        #expect(sum == total[name], "\(name)")
      }
      #expect(
        Self.reasons.filter { total[$0] == 0 }.allSatisfy { ["overflow", "late"].contains($0) })
    }
  }

  private static func compare(_ total: Counts, with out: URL) throws {
    let rejects = try Harness.lines("rejects.csv", in: out)
    #expect(rejects[0] == "seq,timestamp_utc,symbol,reason,source_id,line,text")
    var found: Counts = [:]
    for row in rejects.dropFirst() {
      let fields = row.split(separator: ",", maxSplits: 6, omittingEmptySubsequences: false)
      found[String(fields[3]), default: 0] += 1
      let isInput = !["malformed", "unknown_symbol"].contains(fields[3])
      #expect((fields[0] != "0") == isInput, "\(row)")
      #expect(fields[4] == "feed.csv")
    }
    for reason in reasons { #expect(found[reason, default: 0] == total[reason], "\(reason)") }
    let bars = try Harness.lines("bars.csv", in: out).dropFirst()
    #expect(bars.count == total["bars"])
    #expect(bars.count { $0.contains(",true,false,false,feed.csv,") } == total["missing"])
    #expect(try Harness.lines("features.csv", in: out).count - 1 == total["features"])
  }

  @Test func `rows stand by time and then name in bytes although gaps are known late`() throws {
    try Harness.inFolder { folder in
      // `b` is silent for 2,000 slots, each of which becomes a row when it speaks again; until then
      // thousands of rows of the others wait.
      let names = ["b", "a", "Z", "é", "a1"]
      let rows = (0..<2500).flatMap { second in
        names.indices.compactMap { place -> String? in
          if place == 0, (1..<2001).contains(second) { return nil }
          return "\(1_704_067_200 + second),\(names[place]),\(100 + (second * (place + 3)) % 17)\n"
        }
      }
      let text = "time,symbol,price\n" + rows.joined()
      let file = try Harness.write(text, "long.csv", in: folder)
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(
        ["run", file, "--export", out.path, "--missing-rows", "100000", "--quiet"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      for name in ["bars.csv", "features.csv"] {
        let keys = try Harness.lines(name, in: out).dropFirst().map { row in
          Array(row.split(separator: ",").prefix(2).joined(separator: "\0").utf8)
        }
        #expect(keys.count == (name == "bars.csv" ? 12_500 : 10_500))
        let isOrdered = zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
        #expect(isOrdered, "\(name)")
      }
    }
  }
}
