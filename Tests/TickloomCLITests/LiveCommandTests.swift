import Foundation
import Testing

/// `tickloom live` beside `tickloom run` on the same lines.
struct LiveCommandTests {
  typealias Harness = CommandLineHarness

  /// Lines of a kind, and the options that they need.
  struct Sample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var options: [String] = []
  }

  static let samples = [
    Sample(
      testDescription: "a simulated market",
      text: (try? Harness.run(["sim", "3,500,7"]).output) ?? "",
      options: ["--history", "5"]),
    Sample(
      testDescription: "a simulated market on two threads",
      text: (try? Harness.run(["sim", "5,500,8"]).output) ?? "",
      options: ["--shards", "2"]),
    Sample(
      testDescription: "quotes, blank and broken lines",
      text:
        "a banner\r\ntime,symbol,price,size\r\n\r\n2024-01-02T09:30:00Z,\"A,\"\"B\"\"\nC\",1,1\r\n"
        + "2024-01-02T09:30:00Z,,1,1\n2024-01-02T09:30:02Z,A,1x,1\nnonsense\n\n"
        + "2024-01-02T09:30:05Z,A,1.5,2,,\n2024-01-02T09:30:05Z,\"A\" ,1.5,2\n"
        + (6..<40).map { "2024-01-02T09:31:\($0 < 10 ? "0" : "")\($0)Z,A,\($0),3\n" }.joined()
        + "2024-01-02T09:32:00Z,A,7,1"),
    Sample(
      testDescription: "trades between tabs without a header",
      text: (0..<300).map { "\(1_700_000_000 + $0 / 3)\tS\($0 % 4)\t\(100 + $0 * 7 % 13)\t1\n" }
        .joined(),
      options: ["--columns", "time=0,symbol=1,price=2,size=3", "--timeframe", "5s"]),
    Sample(
      testDescription: "bars",
      text: "date,symbol,open,high,low,close,volume\n"
        + (0..<120).map {
          let price = 10 + $0 * 7 % 11
          return "2024-01-02T10:\(10 + $0 / 2 % 50):00Z,S\($0 % 2),\(price),\(price + 1),\(price),"
            + "\(price),5\n"
        }.joined(),
      options: ["--bars", "1m", "--timeframe", "1m", "--window", "20"]),
  ]

  /// The pieces of a text: lengths go round.
  static func pieces(_ text: String, _ lengths: [Int]) -> [Data] {
    var rest = Data(text.utf8)[...]
    var pieces: [Data] = []
    while !rest.isEmpty {
      pieces.append(Data(rest.prefix(lengths[pieces.count % lengths.count])))
      rest = rest.dropFirst(lengths[(pieces.count - 1) % lengths.count])
    }
    return pieces
  }

  /// What a run showed and wrote, times aside.
  static func results(_ output: Data, _ folder: URL) throws -> [String: String] {
    var results = ["": String(decoding: output, as: UTF8.self)]
    for name in Harness.names(in: folder) {
      results[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return results.mapValues { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
        let word = line.drop { " \"".contains($0) }
        return !["took ", "read", "compute", "write", "seconds", "ticks_per_second"].contains {
          word.hasPrefix($0)
        }
      }.joined(separator: "\n")
    }
  }

  static func run(_ sample: Sample) throws -> [String: String] {
    try Harness.inFolder { folder in
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(
        ["run", "-", "--export", out.path] + sample.options, input: sample.text)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try results(Data(outcome.output.utf8), out)
    }
  }

  @Test(arguments: samples)
  func `gives what run gives, however the pipe cuts the lines`(sample: Sample) throws {
    let expected = try Self.run(sample)
    #expect(expected.count >= 8)
    for lengths in [[1], [7], [1 << 20], [13, 1, 250, 3, 64], [100, 1, 1, 1]] {
      try Harness.inFolder { folder in
        let out = folder.appending(path: "out")
        let (input, output) = (Pipe(), Pipe())
        let process = try Harness.start(
          ["live", "-", "--export", out.path] + sample.options, input: input, output: output)
        for piece in Self.pieces(sample.text, lengths) {
          try input.fileHandleForWriting.write(contentsOf: piece)
        }
        try input.fileHandleForWriting.close()
        let shown = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let results = try Self.results(shown, out)
        #expect(results == expected, "pieces of \(lengths)")
      }
    }
  }

  /// Starts live on a sample and returns once it has taken all of it, the pipe still open.
  static func startReading(
    _ sample: Sample, _ options: [String], output: Pipe
  ) throws -> (process: Process, input: Pipe) {
    let input = Pipe()
    let process = try Harness.start(
      ["live", "-"] + options + sample.options, input: input, output: output)
    try input.fileHandleForWriting.write(contentsOf: Data(sample.text.utf8))
    var left: Int32 = 1
    while process.isRunning, left > 0 {
      _ = unsafe ioctl(input.fileHandleForWriting.fileDescriptor, UInt(FIONREAD), &left)
      Thread.sleep(forTimeInterval: 0.001)
    }
    return (process, input)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `an interrupt is the end of the input`(signal: Int32) throws {
    let sample = Self.samples[0]
    let expected = try Self.run(sample)
    for (options, status) in [([], 0), (["--strict"], 3)] as [([String], Int32)] {
      try Harness.inFolder { folder in
        let out = folder.appending(path: "out")
        let output = Pipe()
        var unfinished = sample
        unfinished = Sample(
          testDescription: "", text: sample.text + "2024-01-02T23", options: sample.options)
        let (process, _) = try Self.startReading(
          unfinished, ["--export", out.path] + options, output: output)
        kill(process.processIdentifier, signal)
        let shown = try output.fileHandleForReading.readToEnd() ?? Data()
        #expect(InterruptMomentTests.end(process) == status)
        let results = try Self.results(shown, out)
        #expect(results == expected)
      }
    }
  }

  @Test func `a second interrupt leaves all of it or nothing`() throws {
    for pause in [0, 0.0002, 0.001, 0.003, 0.006, 0.01] {
      try Harness.inFolder { folder in
        let out = folder.appending(path: "out")
        let (process, _) = try Self.startReading(
          Self.samples[0], ["--export", out.path, "--store", folder.path + "/s.db"], output: Pipe())
        kill(process.processIdentifier, SIGINT)
        Thread.sleep(forTimeInterval: pause)
        kill(process.processIdentifier, SIGTERM)
        let status = InterruptMomentTests.end(process)
        let left = Harness.names(in: folder)
        if status == 130, left.isEmpty { return }
        #expect(status == 0 || status == 130, "after \(pause)")
        #expect(left == ["out", "s.db"], "after \(pause)")
        #expect(Harness.names(in: out).count == 8, "after \(pause)")
      }
    }
  }

  @Test func `an interrupt before the first row is told, and leaves nothing`() throws {
    try Harness.inFolder { folder in
      let out = folder.appending(path: "out")
      let errors = Pipe()
      let process = try Harness.start(
        ["live", "-", "--export", out.path], input: Pipe(), errors: errors)
      while process.isRunning,
        try !InterruptTests.catchesInterrupts(process) || !InterruptMomentTests.sleeps(process)
      {
        Thread.sleep(forTimeInterval: 0.001)
      }
      kill(process.processIdentifier, SIGINT)
      #expect(InterruptMomentTests.end(process) == 130)
      let message = try errors.fileHandleForReading.readToEnd() ?? Data()
      #expect(String(decoding: message, as: UTF8.self) == "tickloom: interrupted before the end\n")
      #expect(Harness.names(in: folder) == [])
    }
  }

  @Test func `quiet says nothing, JSON is the data`() throws {
    let text = Self.samples[0].text
    let quiet = try Harness.run(["live", "-", "--quiet"], input: text)
    #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
    let json = try Harness.run(["live", "-", "--json"], input: text)
    let summary = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.status == 0 && json.errors.isEmpty)
    #expect(summary?["total"] != nil)
  }

  @Test func `lines of the past are late by the wall clock, and it says what helps`() throws {
    // Rows of one block at most are taken before the clock moves for the first time.
    let rows = (0..<3000).map { "\(1_700_000_000 + $0),S\($0 % 2),5\n" }.joined()
    let outcome = try Harness.run(
      ["live", "-", "--clock", "wall"], input: "time,symbol,price\n" + rows)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("are late; --lateness"), "\(outcome.errors)")
    #expect(outcome.errors.contains("--clock data"), "\(outcome.errors)")
  }

  @Test(arguments: ["/", "//", "///"])
  func `a socket has an absolute path however many slashes begin it`(slashes: String) throws {
    let outcome = try Harness.run(["live", "unix:\(slashes)nonexistent/d/x.sock"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("tickloom: /nonexistent/d/x.sock: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("create its folder first"))
  }

  @Test func `what is packed is refused with what helps`() throws {
    try Harness.inFolder { folder in
      let path = try Harness.write(Self.samples[0].text, "x.csv", in: folder)
      let line = "gzip \(path); $tickloom live - < \(path).gz"
      let outcome = try SurroundingsTests.shell(line, in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("zcat FILE | tickloom live -"), "\(outcome.errors)")
    }
  }
}
