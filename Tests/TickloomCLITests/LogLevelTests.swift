import Testing

/// `--log-level`: what a run tells on standard error beside what a person should read anyway.
struct LogLevelTests {
  typealias Harness = CommandLineHarness

  private static func errors(_ options: [String]) throws -> (status: Int32, lines: [Substring]) {
    let outcome = try Harness.run(["run", "sim:2,500,1", "--quiet"] + options)
    return (Int32(outcome.status), outcome.errors.split(separator: "\n"))
  }

  @Test func `a good run tells nothing`() throws {
    let outcome = try Self.errors([])
    #expect(outcome.status == 0 && outcome.lines.isEmpty)
  }

  @Test func `more is told for a component, in lines of the usual form`() throws {
    let run = try Self.errors(["--log-level", "run=info,warning"])
    #expect(run.status == 0 && run.lines.count == 2)
    #expect(run.lines[0] == "tickloom: info: run: inputs opened count=1 timeframe=1s shards=1")
    #expect(run.lines[1].hasPrefix("tickloom: info: run: finished inputs=500 versions="))
    let all = try Self.errors(["--log-level", "debug"])
    #expect(all.lines[0] == "tickloom: info: blas: set up threads=1")
    #expect(all.lines.contains { $0.hasPrefix("tickloom: debug: run: settings text=\"timeframe=") })
    let both = try Self.errors(["--log-level", "debug,run=error"])
    #expect(both.lines == ["tickloom: info: blas: set up threads=1"])
  }

  @Test func `the help names the components`() throws {
    let help = try Harness.run(["run", "--help"]).output.split(whereSeparator: \.isWhitespace)
    #expect(help.joined(separator: " ").contains("components are blas, consumer, diagnostics,"))
  }

  @Test(arguments: ["loud", "run=", "journey=info", "run=info=debug", "info,"])
  func `a level that does not exist is refused`(text: String) throws {
    let outcome = try Self.errors(["--log-level", text])
    #expect(outcome.status == 2 && outcome.lines.count == 1)
    #expect(outcome.lines[0].hasPrefix("tickloom: --log-level: `\(text)` is not debug, info"))
    #expect(
      outcome.lines[0].contains("blas, consumer, diagnostics, engine, feature, feed, journal"))
  }
}
