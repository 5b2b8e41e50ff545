import Foundation
import Testing

struct HostileInputTests {
  typealias Harness = CommandLineHarness

  /// Runs over one file with an export and expects that nothing stands in its folder if it fails.
  func run(
    _ data: Data, _ name: String = "x.csv", _ options: [String] = []
  ) throws -> CommandLineHarness.Outcome {
    try Harness.inFolder { folder in
      let file = folder.appending(path: name)
      try data.write(to: file)
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(["run", file.path, "--export", out.path] + options)
      if outcome.status != 0 {
        #expect(Harness.names(in: out) == [])
        #expect(outcome.errors.hasPrefix("tickloom: "))
      } else {
        #expect(Harness.names(in: out).contains("summary.json"))
        #expect(!Harness.names(in: out).contains { $0.hasSuffix(".partial") })
      }
      return outcome
    }
  }

  static let head = "timestamp,symbol,price,size\n"

  @Test(arguments: [
    ("", 1, "holds no text"), ("PK\u{3}\u{4}xx", 1, "x.csv"), ("[{\"a\":1}]", 1, "JSON"),
    ("a,b,c\n1,2,3\n", 1, "--columns"),
    ("time,open,high,low,close\n2024-01-01 09:30:00,1,1,1,1\n", 1, "--time-zone"),
    ("20240101,1,2\n20240102,1,2\n", 1, "--columns"),
  ])
  func `what cannot be read is refused by name`(text: String, status: Int32, part: String) throws {
    let outcome = try run(Data(text.utf8))
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  @Test(arguments: [
    "2024-01-01T00:00:00Z,A,1,1\n",
    "2024-01-01T00:00:00Z,A,1e308,1e308\n2024-01-01T00:00:01Z,A,1e-308,1e308\n",
    "9999-01-01T00:00:00Z,A,1,1\n2024-01-01T00:00:00Z,A,1,1\n",
    "2024-01-01T00:00:00Z,A,1,1\r\n\r\n2024-01-01T00:00:01Z,A,1,1",
    "2024-01-01T00:00:00Z,\"A,\"\"B\"\"\nC\",1,1\n", "1900-01-01,A,1,1\n2199-12-31,A,1,1\n",
  ])
  func `unusual but legal rows run`(rows: String) throws {
    #expect(try run(Data((Self.head + rows).utf8)).status == 0)
  }

  @Test(arguments: [
    ["--timeframe", "1d", "--missing-rows", "1000000"], ["--timeframe", "1ns"],
    ["--timeframe", "100ms", "--lateness", "300d"], ["--timeframe", "366d", "--idle", "366d"],
    ["--estimator", "ewma:0.5", "--window", "2"], ["--sort"], ["--missing-rows", "1000000"],
  ])
  func `three centuries between two ticks cost nothing`(options: [String]) throws {
    let rows = """
      1900-01-01,A,1,1
      1900-01-01,B,1,1
      2199-12-31,A,1,1
      2199-12-31,B,1,1

      """
    #expect(try run(Data((Self.head + rows).utf8), "x.csv", options + ["--quiet"]).status == 0)
  }

  @Test func `a line before the header is skipped and told of`() throws {
    let rows = "a banner\n" + Self.head + "2024-01-01T00:00:00Z,A,1,1\n2024-01-02T00:00:00Z,A,1,1\n"
    let outcome = try run(Data(rows.utf8))
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("x.csv: lines before the header were skipped: 1"))
    #expect(try run(Data(rows.utf8), "x.csv", ["--quiet"]).errors.isEmpty)
  }

  @Test func `a header without rows runs or says so`() throws {
    let outcome = try run(Data(Self.head.utf8))
    #expect(outcome.status == 0 || outcome.errors.contains("x.csv"))
  }

  @Test func `bytes that are no text do not trap`() throws {
    var data = Data((Self.head + "2024-01-01T00:00:00Z,A,1,1\n").utf8)
    data.append(contentsOf: [0xFF, 0xFE, 0x00, 0xC3, 0x28, 0x0A])
    #expect([0, 1].contains(try run(data).status))
  }

  @Test func `a line of megabytes is one malformed row`() throws {
    let long = String(repeating: "x", count: 3 << 20)
    let rows = "2024-01-01T00:00:00Z,A,1,1\n\(long)\n2024-01-01T00:00:01Z,A,1,1\n"
    let outcome = try run(Data((Self.head + rows).utf8), "x.csv", ["--json"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\"malformed\": 1"))
    #expect(outcome.output.contains("\"accepted\": 2"))
  }

  @Test func `rows out of order fail the run and name the option`() throws {
    let rows = (0..<100).map { "2024-01-01T00:\(10 + $0 % 50):00Z,A\($0 % 2),1,1" }.reversed()
    let mixed = rows.enumerated().map {
      $0.offset % 2 == 0 ? $0.element : "2024-01-01T01:00:0\($0.offset % 10)Z,A,1,1"
    }
    let text = Self.head + mixed.joined(separator: "\n") + "\n"
    let outcome = try run(Data(text.utf8))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("--sort"), "\(outcome.errors)")
    #expect(try run(Data(text.utf8), "x.csv", ["--sort"]).status == 0)
  }

  @Test func `repeated lines fail the run with their count`() throws {
    let row = "2024-01-01T00:00:00Z,A,1,1,5\n"
    let text = "timestamp,symbol,price,size,seq\n" + String(repeating: row, count: 9)
    let outcome = try run(Data(text.utf8))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("8"), "\(outcome.errors)")
  }

  @Test func `a cut gzip file is told with its name`() throws {
    try Harness.inFolder { folder in
      let csv = try Harness.run(["sim", "3,5000,1"]).output
      let path = try Harness.write(csv, "a.csv", in: folder)
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/usr/bin/env")
      gzip.arguments = ["gzip", path]
      try gzip.run()
      gzip.waitUntilExit()
      let whole = try Data(contentsOf: URL(filePath: path + ".gz"))
      #expect(try run(whole, "a.csv.gz").status == 0)
      let outcome = try run(whole.prefix(whole.count / 2), "a.csv.gz")
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("a.csv.gz"), "\(outcome.errors)")
    }
  }

  @Test(arguments: ["/does/not/exist.csv", "/dev"])
  func `a place without data is told by name`(path: String) throws {
    let outcome = try Harness.run(["run", path])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(path), "\(outcome.errors)")
  }

  @Test func `an export that cannot be made is told by name`() throws {
    try Harness.inFolder { folder in
      let file = try Harness.write("x", "file", in: folder)
      let outcome = try Harness.run(["run", "sim:2,1000,1", "--export", file + "/out"])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(file), "\(outcome.errors)")
    }
  }

  @Test func `a full disk is told with what helps`() throws {
    let outcome = try Harness.run(["run", "sim:2,1000,1", "--report", "/dev/full"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("free some space"), "\(outcome.errors)")
  }

  @Test func `unreadable files are left out if asked`() throws {
    try Harness.inFolder { folder in
      _ = try Harness.write("{}", "a.json", in: folder)
      _ = try Harness.write(Self.head + "2024-01-01T00:00:00Z,A,1,1\n", "b.csv", in: folder)
      #expect(try Harness.run(["run", folder.path]).status == 1)
      let outcome = try Harness.run(["run", folder.path, "--skip-unreadable"])
      #expect(outcome.status == 0)
      #expect((outcome.output + outcome.errors).contains("a.json"))
    }
  }
}
