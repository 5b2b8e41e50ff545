import Foundation
import Testing

/// A program of somebody else's uses the library as the README says.
struct EmbeddingTests {
  @Test(.enabled(if: Embedder.obstacle == nil, "\(Embedder.obstacle ?? "")"))
  func `another package builds against a clone, with a feature of its own`() throws {
    let parts = try Embedder.output().components(separatedBy: "---\n")
    try #require(parts.count == 3)
    checkSnippet(parts[0].split(separator: "\n"))
    checkLive(parts[1])
    let expected = """
      names 29 ["body", "white_in_a_row"]
      row 29 0.5 1.0
      row 29 0.25 2.0
      row 29 -0.25 0.0
      row 29 0.25 1.0
      batch A [1.0, 2.0, 0.0, 1.0]
      batch B [1.0, 2.0, 0.0, 1.0]
      batch there are no ticks
      batch versions 3

      """
    #expect(parts[2] == expected)
  }

  /// Bars, a feature and a correlation that can be worked out by hand or read off.
  private func checkSnippet(_ lines: [Substring]) {
    let bars = lines.filter { $0.contains(" close ") }
    #expect(bars.count == 240)
    #expect(bars.first == "EURUSD 1970-01-01T00:00:00.000000000Z close 1.0841")
    let volatility = lines.filter { $0.contains(" volatility_20 ") }
    #expect(volatility.count == 240)
    #expect(volatility.first?.hasSuffix("nan") == true)
    #expect(volatility.last.flatMap { Double($0.split(separator: " ")[2]) } ?? 0 > 0)
    let last = lines.last?.split(separator: " ") ?? []
    #expect(last.first == "correlation")
    #expect(last.last == "119")
    #expect((0.9..<1).contains(last.dropFirst().first.flatMap { Double($0) } ?? 0))
  }

  /// Both prices make the same moves.
  private func checkLive(_ output: String) {
    let words = output.split(whereSeparator: \.isWhitespace)
    #expect(words.count == 2 && words[0] == "live", "\(output)")
    #expect((0.9...1).contains(words.last.flatMap { Double($0) } ?? 0))
  }

  @Test(arguments: Embedder.snippets.map(\.heading))
  func `a snippet has about twenty lines and imports nothing`(heading: String) throws {
    let readme = try String(
      contentsOf: Embedder.root.appending(path: "README.md"), encoding: .utf8)
    let lines = try Embedder.snippet(in: readme, below: heading).split(separator: "\n")
    #expect((12...24).contains(lines.count))
    #expect(lines.allSatisfy { $0.count <= 100 && !$0.contains("import ") })
  }
}
