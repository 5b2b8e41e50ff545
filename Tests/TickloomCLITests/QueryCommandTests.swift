import Foundation
import Testing

/// `tickloom query`: what it shows, in three forms, and how it ends.
struct QueryCommandTests {
  /// Calls `body` with the path of a store of two symbols.
  private static func withStore(_ body: (String, URL) throws -> Void) throws {
    try CommandLineHarness.inFolder { folder in
      let rows = [
        "time,symbol,bid,ask,last,size", "2024-01-02T10:00:00Z,EURUSD,1.5,1.75,,",
        "2024-01-02T10:00:01Z,\"A,B\",,,12,100", "2024-01-02T10:00:02.5Z,EURUSD,1.25,1,,",
        "2024-01-02T10:00:03Z,EURUSD,1.5,2,,",
      ]
      let file = try CommandLineHarness.write(
        rows.joined(separator: "\n") + "\n", "ticks.csv", in: folder)
      let store = folder.appending(path: "market.db").path
      let run = try CommandLineHarness.run(["run", file, "--store", store, "--quiet"])
      try #require(run.status == 0, "\(run.errors)")
      try body(store, folder)
    }
  }

  private static let sql = "SELECT seq, time, symbol, bid, size, reason FROM ticks"

  @Test func `a table has columns that line up`() throws {
    try Self.withStore { store, _ in
      let run = try CommandLineHarness.run(["query", store, Self.sql])
      #expect(run.status == 0, "\(run.errors)")
      #expect(
        run.output == """
          seq  time                            symbol   bid  size  reason
            1  2024-01-02T10:00:00.000000000Z  EURUSD   1.5
            2  2024-01-02T10:00:01.000000000Z  A,B            100
            3  2024-01-02T10:00:02.500000000Z  EURUSD  1.25        crossed
            4  2024-01-02T10:00:03.000000000Z  EURUSD   1.5

          """)
      let none = try CommandLineHarness.run(["query", store, Self.sql + " WHERE seq > 9"])
      #expect(none.output == "seq  time  symbol  bid  size  reason\n")
    }
  }

  @Test func `CSV has quotes where they are needed`() throws {
    try Self.withStore { store, _ in
      let sql = Self.sql + " WHERE seq BETWEEN 2 AND 3"
      let run = try CommandLineHarness.run(["query", store, sql, "--csv"])
      #expect(
        run.output == """
          seq,time,symbol,bid,size,reason
          2,2024-01-02T10:00:01.000000000Z,"A,B",,100,
          3,2024-01-02T10:00:02.500000000Z,EURUSD,1.25,,crossed

          """)
    }
  }

  @Test func `JSON is an array with an object on each line`() throws {
    try Self.withStore { store, _ in
      let sql = Self.sql + " WHERE symbol = 'A,B'"
      let run = try CommandLineHarness.run(["query", "--json", store, sql])
      #expect(
        run.output == """
          [
          {"seq":2,"time":"2024-01-02T10:00:01.000000000Z","symbol":"A,B","bid":null,"size":100,"reason":null}
          ]

          """)
      let odd = try CommandLineHarness.run([
        "query", "--json", store, "SELECT 1 AS a, 'x\"\\' || char(10) AS a, x'0aff', -9e999 AS b",
      ])
      #expect(
        odd.output
          == "[\n{\"a\":1,\"a_2\":\"x\\\"\\\\\\u000a\",\"x'0aff'\":\"0AFF\",\"b\":null}\n]\n")
      #expect(throws: Never.self) {
        try JSONSerialization.jsonObject(with: Data(odd.output.utf8))
      }
      let none = try CommandLineHarness.run(["query", "--json", store, "SELECT 1 WHERE 0"])
      #expect(none.output == "[]\n")
    }
  }

  @Test func `what moves a cursor is not shown in a table`() throws {
    try Self.withStore { store, _ in
      let run = try CommandLineHarness.run(["query", store, "SELECT char(27) || '[2J' AS a"])
      #expect(run.output == "a\n?[2J\n")
    }
  }

  @Test(arguments: [
    ("SELECT", "incomplete input", 1), ("SELECT x FROM ticks", "at character 8, `x FROM ticks`", 1),
    ("DELETE FROM bars", "a query only reads", 1), ("SELECT 1; SELECT 2", "several statements", 1),
    ("", "the query is empty", 1),
  ])
  func `a mistake ends with 1 and its reason`(sql: String, words: String, status: Int32) throws {
    try Self.withStore { store, _ in
      let run = try CommandLineHarness.run(["query", store, sql])
      #expect(run.status == status)
      #expect(run.output == "")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.errors.hasPrefix("tickloom: "))
    }
  }

  @Test(arguments: [
    [], ["x.db"], ["x.db", "SELECT 1", "more"], ["x.db", "SELECT 1", "--csv", "--json"],
  ])
  func `wrong usage ends with 2`(arguments: [String]) throws {
    let run = try CommandLineHarness.run(["query"] + arguments)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("tickloom: "))
  }

  @Test func `a store that is missing is not made`() throws {
    try CommandLineHarness.inFolder { folder in
      let path = folder.appending(path: "none.db").path
      let run = try CommandLineHarness.run(["query", path, "SELECT 1"])
      #expect(run.status == 1)
      #expect(run.errors.contains("there is no store \(path)"))
      #expect(CommandLineHarness.names(in: folder) == [])
    }
  }

  private static let endless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"

  @Test func `an interrupt ends it with 130`() throws {
    try Self.withStore { store, _ in
      let pipe = Pipe()
      let process = try CommandLineHarness.start(
        ["query", store, Self.endless, "--csv"], output: pipe.fileHandleForWriting)
      // Rows have come, so that the query is under way.
      _ = try pipe.fileHandleForReading.read(upToCount: 1)
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
    }
  }

  @Test func `a reader that has gone ends it quietly`() throws {
    try Self.withStore { store, folder in
      let errors = folder.appending(path: "errors")
      try Data().write(to: errors)
      let pipe = Pipe()
      let process = try CommandLineHarness.start(
        ["query", store, Self.endless], output: pipe.fileHandleForWriting,
        errors: try FileHandle(forWritingTo: errors))
      _ = try pipe.fileHandleForReading.read(upToCount: 1)
      try pipe.fileHandleForWriting.close()
      try pipe.fileHandleForReading.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 141)
      #expect(try Data(contentsOf: errors).isEmpty)
    }
  }
}
