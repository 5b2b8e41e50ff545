import Foundation
import Testing

struct ExportTests {
  typealias Harness = CommandLineHarness

  /// Two symbols; B is registered first and is silent for two seconds.
  static let ticks = """
    timestamp,symbol,price,size
    2024-01-01T00:00:00.5Z,B,10,1
    2024-01-01T00:00:00.6Z,A,20,2
    2024-01-01T00:00:01.5Z,A,21,
    2024-01-01T00:00:02.5Z,A,22,4
    2024-01-01T00:00:03.5Z,B,11,1
    2024-01-01T00:00:03.6Z,A,23,1

    """

  @Test func `bars stand in order of time and name with the gaps shown`() throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.ticks, "t.csv", in: folder)
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(["run", file, "--export", out.path])
      #expect(outcome.status == 0)
      #expect(outcome.errors.isEmpty)
      #expect(
        Harness.names(in: out) == [
          "bars.csv", "correlation.csv", "covariance.csv", "features.csv", "n_eff.csv",
          "rejects.csv", "summary.json",
        ])
      let bars = try Harness.lines("bars.csv", in: out)
      #expect(
        bars[0]
          == "timestamp_utc,symbol,timeframe,open,high,low,close,volume,log_return_1,"
          + "spread_estimate,is_missing,is_outlier,valid_bar,source_id,schema_version,tick_count,"
          + "vwap,gap_slots,first_seq,last_seq,revision")
      #expect(
        bars.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: " ") } == [
          "2024-01-01T00:00:00.000000000Z A", "2024-01-01T00:00:00.000000000Z B",
          "2024-01-01T00:00:01.000000000Z A", "2024-01-01T00:00:01.000000000Z B",
          "2024-01-01T00:00:02.000000000Z A", "2024-01-01T00:00:02.000000000Z B",
          "2024-01-01T00:00:03.000000000Z A", "2024-01-01T00:00:03.000000000Z B",
        ])
      #expect(
        bars[1]
          == "2024-01-01T00:00:00.000000000Z,A,1s,20,20,20,20,2,,,false,false,true,t.csv,1,1,20,0,2,2,0"
      )
      #expect(
        bars[4] == "2024-01-01T00:00:01.000000000Z,B,1s,,,,,0,,,true,false,false,t.csv,1,0,,0,0,0,0"
      )
      #expect(bars[8].hasSuffix(",11,11,11,11,1,,,false,false,true,t.csv,1,1,11,2,5,5,0"))
      #expect(try Harness.lines("correlation.csv", in: out)[0] == ",B,A")
      #expect(try Harness.lines("n_eff.csv", in: out) == [",B,A", "B,0,0", "A,0,3"])
      #expect(
        try Harness.lines("rejects.csv", in: out) == [
          "seq,timestamp_utc,symbol,reason,source_id,line,text"
        ])
    }
  }

  @Test func `every refused input is recorded and counted once`() throws {
    let rows = """
      timestamp,symbol,bid,ask,price,size,seq
      2024-01-01T00:00:05Z,A,1,2,,,1
      soon,A,1,2,,,2
      2024-01-01T00:00:05Z,,1,2,,,3
      1850-01-01T00:00:00Z,A,1,2,,,4
      2024-01-01T00:00:05Z,A,-1,2,,,5
      2024-01-01T00:00:05Z,A,3,2,,,6
      2024-01-01T00:00:05Z,A,1,2,,-5,7
      2024-01-01T00:00:05Z,A,1,2,,,1
      2024-01-01T00:00:04Z,A,1,2,,,9
      2024-01-01T00:00:05Z,A,1,2,1,5,10,extra
      2024-01-01T00:00:05Z,A,1,2,,,11
      2024-01-01T00:00:06Z,A,1,2,,,12
      2024-01-01T00:00:07Z,A,1,2,,,13
      2024-01-01T00:00:08Z,A,1,2,,,14

      """
    try Harness.inFolder { folder in
      let file = try Harness.write(rows, "bad.csv", in: folder)
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(["run", file, "--export", out.path, "--strict", "--json"])
      #expect(outcome.status == 3)
      #expect(
        try Harness.lines("rejects.csv", in: out).dropFirst().map {
          $0.split(separator: ",", omittingEmptySubsequences: false).prefix(6).joined(
            separator: ",")
        } == [
          "0,,A,malformed,bad.csv,3", "0,2024-01-01T00:00:05.000000000Z,,unknown_symbol,bad.csv,4",
          "2,,A,invalid_time,bad.csv,5",
          "3,2024-01-01T00:00:05.000000000Z,A,invalid_price,bad.csv,6",
          "4,2024-01-01T00:00:05.000000000Z,A,crossed,bad.csv,7",
          "5,2024-01-01T00:00:05.000000000Z,A,invalid_size,bad.csv,8",
          "6,2024-01-01T00:00:05.000000000Z,A,duplicate,bad.csv,9",
          "7,2024-01-01T00:00:04.000000000Z,A,late,bad.csv,10",
          "0,2024-01-01T00:00:05.000000000Z,A,malformed,bad.csv,11",
        ])
      let summary = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let total = try #require(summary["total"] as? [String: Int])
      let symbols = try #require(summary["symbols"] as? [String: [String: Int]])
      #expect(total["received"] == 14)
      #expect(total["accepted"] == 5)
      #expect(total["malformed"] == 2)
      #expect(total["overflow"] == 0)
      #expect(symbols["A"]?["malformed"] == 2)
      #expect(symbols["A"]?["received"] == 13)
      let written = try String(contentsOf: out.appending(path: "summary.json"), encoding: .utf8)
      #expect(written.contains("\"unknown_symbol\": 1"))
    }
  }

  @Test func `a simulated market is its own CSV read back`() throws {
    try Harness.inFolder { folder in
      let csv = try Harness.run(["sim", "5,20000,3"])
      #expect(csv.status == 0)
      let file = try Harness.write(csv.output, "sim.csv", in: folder)
      let (direct, read) = (folder.appending(path: "a"), folder.appending(path: "b"))
      #expect(
        try Harness.run(["run", "sim:5,20000,3", "--quiet", "--export", direct.path]).status == 0)
      #expect(try Harness.run(["run", file, "--quiet", "--export", read.path]).status == 0)
      for name in ["features.csv", "correlation.csv", "n_eff.csv", "covariance.csv"] {
        #expect(try Harness.lines(name, in: direct) == Harness.lines(name, in: read), "\(name)")
      }
      func bars(_ folder: URL) throws -> [[Substring]] {
        try Harness.lines("bars.csv", in: folder).map {
          var cells = $0.split(separator: ",", omittingEmptySubsequences: false)
          cells.remove(at: 13)
          return cells
        }
      }
      #expect(try bars(direct) == bars(read))
    }
  }

  @Test func `history, report, scores and store come when asked for`() throws {
    try Harness.inFolder { folder in
      let out = folder.appending(path: "out")
      let (page, store) = (folder.appending(path: "r.html"), folder.appending(path: "s.db"))
      let arguments = [
        "run", "sim:3,9000,1", "--export", out.path, "--history", "50", "--normalized",
        "--report", page.path, "--store", store.path, "--quiet",
      ]
      let outcome = try Harness.run(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.output.isEmpty)
      let history = try Harness.lines("correlation_history.csv", in: out)
      #expect(history[0] == "timestamp_utc,version,symbol_a,symbol_b,correlation,n_eff")
      #expect(history[1].contains(",50,SIM1,SIM1,"))
      #expect((history.count - 1) % 6 == 0)
      #expect(try Harness.lines("features.csv", in: out)[0].hasSuffix(",tick_rate_z_20_z"))
      let text = try String(contentsOf: page, encoding: .utf8)
      #expect(text.hasPrefix("<!DOCTYPE html>") || text.hasPrefix("<!doctype html>"))
      #expect(!text.contains("http://") && !text.contains("https://"))
      let again = try Harness.run(arguments)
      #expect(again.status == 1)
      #expect(again.errors.contains(store.path))
    }
  }

  @Test func `standard input is read and JSON is printed`() throws {
    let outcome = try Harness.run(["run", "-", "--json"], input: Self.ticks)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("{"))
    #expect(outcome.output.contains("\"received\": 6"))
  }
}
