import LoomSystem
import Testing

struct ArgumentsTests {
  static let options = [
    ArgumentOption("export", "DIR", help: "Writes the results into DIR."),
    ArgumentOption("timeframe", "Δ", help: "The length of a bar."),
    ArgumentOption("time-zone", "IANA", help: "The zone of times without one."),
    ArgumentOption("quiet", help: "No progress."),
    ArgumentOption("help", help: "This text."),
  ]

  private func parse(_ arguments: String...) throws(UsageError) -> Arguments {
    try Arguments(arguments, options: Self.options)
  }

  @Test func `takes options and inputs in any order`() throws {
    let parsed = try parse("a.csv", "--export", "out", "-", "--quiet", "b.csv", "--timeframe=1s")
    #expect(parsed.inputs == ["a.csv", "-", "b.csv"])
    #expect(parsed.value(of: "export") == "out")
    #expect(parsed.value(of: "timeframe") == "1s")
    #expect(parsed.has("quiet"))
    #expect(parsed.value(of: "time-zone") == nil)
    #expect(!parsed.has("help"))
  }

  @Test func `takes everything after two dashes as an input`() throws {
    let parsed = try parse("--quiet", "--", "--export", "-x")
    #expect(parsed.inputs == ["--export", "-x"])
    #expect(!parsed.has("export"))
  }

  @Test func `the last of two counts, and a value may be empty or look like an option`() throws {
    #expect(try parse("--export", "a", "--export", "b").value(of: "export") == "b")
    #expect(try parse("--export=").value(of: "export") == "")
    #expect(try parse("--export", "--quiet").value(of: "export") == "--quiet")
  }

  @Test func `takes an abbreviation while it is unambiguous`() throws {
    #expect(try parse("--exp", "out").value(of: "export") == "out")
    #expect(try parse("-h").has("help"))
  }

  @Test(arguments: [
    (["x", "--wat"], UsageError.unknownOption("--wat", similar: nil), "see --help"),
    (["--timefrane=1s"], .unknownOption("--timefrane", similar: "timeframe"), "mean --timeframe?"),
    (["-quiet"], .unknownOption("-quiet", similar: "quiet"), "mean --quiet?"),
    (["a", "--export"], .missingValue("export", placeholder: "DIR"), "value: --export DIR"),
    (["--quiet=1"], .unexpectedValue("quiet"), "--quiet takes no value"),
    (
      ["--time", "1s"], .ambiguous("--time", candidates: ["timeframe", "time-zone"]),
      "--timeframe or --time-zone; write it out"
    ),
  ])
  func `names what is wrong`(arguments: [String], error: UsageError, text: String) {
    #expect(throws: error) { try Arguments(arguments, options: Self.options) }
    #expect(error.description.hasSuffix(text))
  }

  @Test func `an error leaves nothing behind for the next line`() throws {
    #expect(throws: UsageError.self) { try parse("a", "b", "--wat", "c") }
    #expect(try parse("d").inputs == ["d"])
  }

  @Test func `asking for an option that was not declared is a bug`() async {
    await #expect(processExitsWith: .failure) {
      _ = try Arguments([], options: ArgumentsTests.options).has("verbose")
    }
  }

  @Test func `lays out the help for the width of the terminal`() {
    let help = HelpText(
      introduction: "tickloom run INPUT... [options]\n\nReads ticks and makes bars of them.",
      options: Array(Self.options.prefix(3)))
    #expect(
      help.formatted(width: 60) == """
        tickloom run INPUT... [options]

        Reads ticks and makes bars of them.

        Options:
          --export DIR      Writes the results into DIR.
          --timeframe Δ     The length of a bar.
          --time-zone IANA  The zone of times without one.

        """)
  }

  @Test(arguments: [10, 40, 57, 80, 200])
  func `wraps at every width and loses no word`(width: Int) {
    let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
    let help = HelpText(
      introduction: words, options: [ArgumentOption("name", "A-LONG-PLACEHOLDER", help: words)])
    let text = help.formatted(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= max(40, width) })
    let found = text.split { $0 == " " || $0 == "\n" }.filter { $0.hasPrefix("word") }
    #expect(found.joined(separator: " ") == words + " " + words)
  }
}
