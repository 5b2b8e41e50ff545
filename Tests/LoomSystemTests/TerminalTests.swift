import Testing

@testable import LoomSystem

struct TerminalTests {
  @Test(arguments: [
    (true, ["TERM": "xterm"], Terminal.Color.basic),
    (true, ["TERM": "xterm-256color"], .indexed),
    (true, ["TERM": "xterm-256color", "COLORTERM": "truecolor"], .full),
    (true, ["TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"], .none),
    (true, ["TERM": "xterm", "NO_COLOR": ""], .basic),
    (true, ["TERM": "dumb", "COLORTERM": "truecolor"], .none),
    (true, [:], .none),
    (false, ["TERM": "xterm-256color"], .none),
  ])
  func `takes its colours from the environment`(
    isInteractive: Bool, variables: [String: String], expected: Terminal.Color
  ) {
    #expect(Terminal.color(isInteractive: isInteractive) { variables[$0] } == expected)
  }

  @Test(arguments: [
    (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false),
    ([:], false),
    (["LANG": "en_US.UTF-8", "LC_ALL": "C"], false), (["LC_ALL": "", "LANG": "C.UTF-8"], true),
  ])
  func `is Unicode where the locale that counts is`(variables: [String: String], expected: Bool) {
    #expect(Terminal.isUnicode { variables[$0] } == expected)
  }

  @Test(arguments: [("xterm", true), ("dumb", false), (nil, false)])
  func `moves a cursor where there is one`(kind: String?, expected: Bool) {
    #expect(Terminal.movesCursor { $0 == "TERM" ? kind : nil } == expected)
    #expect(!Terminal(isInteractive: false, width: 80, color: .none).movesCursor)
  }

  @Test func `a test run is no terminal`() {
    #expect(Terminal.standardOutput.width > 0)
    #expect(Terminal.Color.none < .full)
  }

  @Test(arguments: [
    (0.0, "0"), (7.4, "7"), (999, "999"), (999.6, "1.00 k"), (1234, "1.23 k"), (9999, "10.0 k"),
    (45_600_000, "45.6 M"), (99_960, "100 k"), (789e9, "789 G"), (2.5e15, "2500 T"),
  ])
  func `a count is three digits and a letter`(value: Double, expected: String) {
    #expect(ProgressLine.compact(value) == expected)
  }

  @Test(arguments: [
    (0.0, "0:00"), (6.2, "0:07"), (59.9, "1:00"), (3599.5, "1:00:00"), (3723, "1:02:03"),
    (4e5, "?"),
    (.infinity, "?"),
  ])
  func `the rest is a clock`(seconds: Double, expected: String) {
    #expect(ProgressLine.clock(seconds) == expected)
  }
}
