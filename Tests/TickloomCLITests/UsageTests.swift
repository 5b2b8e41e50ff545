import Testing

struct UsageTests {
  @Test(arguments: [
    ["--help"], ["-h"], ["help"], ["run", "--help"], ["help", "sim"], ["--version"],
    ["live", "--help"],
  ])
  func `help and version are data and good`(arguments: [String]) throws {
    let outcome = try CommandLineHarness.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("ickloom"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: [
    ([], "no command"), (["rum"], "did you mean tickloom run"), (["frobnicate"], "no command"),
    (["run"], "no input"), (["run", "x", "--windw", "3"], "--window"),
    (["run", "x", "--window"], "needs a value"), (["run", "x", "--sort=yes"], "takes no value"),
    (["run", "x", "--timeframe", "1x"], "1x"), (["run", "x", "--timeframe", "0s"], "0s"),
    (["run", "x", "--window", "1"], "2 … 1048576"), (["run", "x", "--min-periods", "0"], "1 …"),
    (["run", "x", "--estimator", "ewma:1"], "between 0 and 1"),
    (["run", "x", "--price", "best"], "mid, bid, ask or last"),
    (["run", "x", "--lateness", "-1s"], "-1s"), (["run", "x", "--idle", "soon"], "soon"),
    (["run", "x", "--max-gap", "-1"], "0 or more"),
    (["run", "x", "--missing-rows", "1000001"], "0 … 1000000"),
    (["run", "x", "--from", "yesterday"], "2014-05-05"),
    (["run", "x", "--to", "2014-13-01"], "2014-13-01"),
    (["run", "x", "--time-unit", "h"], "s, ms, us, ns or iso"),
    (["run", "x", "--history", "5"], "--export or --store"),
    (["run", "x", "--history", "0", "--export", "y"], "1 or more"),
    (["live"], "unix:PATH"), (["live", "x.csv"], "tickloom run reads files"),
    (["live", "-", "-"], "one input"), (["live", "unix:"], "no stream"),
    (["live", "-", "--sort"], "--lateness"), (["live", "-", "--skip-unreadable"], "one input"),
    (["live", "-", "--clock", "moon"], "data or wall"),
    (["run", "-", "--clock", "wall"], "--clock"),
    (["sim"], "SYMBOLS,TICKS,SEED"), (["sim", "1,2"], "SYMBOLS,TICKS,SEED"),
    (["sim", "0,5,1"], "0"), (["run", "sim:5"], "SYMBOLS,TICKS,SEED"),
  ])
  func `wrong usage exits with 2 and says what is wrong`(
    arguments: [String], part: String
  ) throws {
    let outcome = try CommandLineHarness.run(arguments)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("tickloom: "))
  }
}
