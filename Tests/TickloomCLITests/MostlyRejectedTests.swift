import Foundation
import Testing

/// Inputs of which most rows are of no use: a run of files fails, what came of a stream is written.
struct MostlyRejectedTests {
  typealias Harness = CommandLineHarness

  static let falling =
    "time,symbol,price\n" + [9, 8, 7, 6, 5].map { "2024-01-01T00:00:0\($0)Z,A,1.\($0)\n" }.joined()
  /// Two symbols in time and three that are five seconds behind.
  static let behind =
    "time,symbol,price\n"
    + (5..<40).map { second in
      ["A", "B", "C", "D", "E"].enumerated().map { place, symbol in
        "\(1_700_000_000 + second - (place < 2 ? 0 : 5)),\(symbol),\(100 + second % 7 + place)\n"
      }.joined()
    }.joined()

  @Test func `what live has taken is written`() throws {
    for (options, status) in [([], 0), (["--quiet"], 0), (["--strict"], 3)] as [([String], Int32)] {
      try Harness.inFolder { folder in
        let out = folder.appending(path: "out")
        let outcome = try Harness.run(
          ["live", "-", "--export", out.path, "--json"] + options, input: Self.falling)
        #expect(outcome.status == status, "\(outcome.errors)")
        #expect(
          outcome.errors.contains("of 5 rows 0 are malformed, 0 are duplicates and 4 are late;"))
        #expect(outcome.output.hasPrefix("{"))
        #expect(Harness.names(in: out).contains("summary.json"))
        #expect(try Harness.lines("rejects.csv", in: out).count == 5)
      }
    }
  }

  @Test(arguments: ["1", "2"])
  func `late rows that correct their bars are not lost`(shards: String) throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.behind, "a.csv", in: folder)
      let arguments = ["run", file, "--lateness", "0s", "--shards", shards]
      #expect(try Harness.run(arguments).status == 1)
      let corrected = try Harness.run(arguments + ["--corrections", "1m"])
      #expect(corrected.status == 0, "\(corrected.errors)")
      let short = try Harness.run(arguments + ["--corrections", "1s"])
      #expect(short.status == 1, "\(short.errors)")
    }
  }
}
