import Testing

@testable import TickloomCLI

struct SummaryTextTests {
  @Test(arguments: [
    ("EURUSD", "EURUSD"), ("a\u{1B}[31mb", "a?[31mb"), ("a\nb\tc", "a?b?c"),
    ("\u{202E}evil", "?evil"), ("\u{9B}2J", "?2J"), ("日経", "日経"), ("a\u{2028}b", "a?b"),
  ])
  func `shows what could move the cursor as a question mark`(text: String, shown: String) {
    #expect(SummaryText.harmless(text) == shown)
  }

  @Test(arguments: [("", 0), ("abc", 3), ("日経225", 7), ("e\u{301}", 1), ("한국", 4), ("–", 1)])
  func `measures columns, not characters`(text: String, width: Int) {
    #expect(SummaryText.width(text) == width)
  }

  @Test(arguments: [
    ("EURUSD", 6, "EURUSD"), ("BINANCE_BTCUSDT", 9, "BINA…SDT"), ("日経平均株価", 7, "日…株価"),
    ("abc", 1, "…"),
  ])
  func `shortens in the middle`(text: String, width: Int, shown: String) {
    let result = SummaryText.shortened(text, to: width, ellipsis: "…")
    #expect(SummaryText.width(result) <= width)
    #expect(result.first == shown.first)
    #expect(result.last == shown.last)
  }

  @Test func `wraps between parts and indents what follows`() {
    let lines = SummaryText.wrapped(
      ["one", "two", "three"], width: 10, separator: ", ", indent: 2)
    #expect(lines == ["one, two,", "  three"])
    #expect(SummaryText.wrapped([], width: 10, separator: ", ", indent: 2) == [])
  }
}
