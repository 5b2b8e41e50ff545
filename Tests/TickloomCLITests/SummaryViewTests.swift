import LoomSystem
import Testing
import Tickloom

@testable import TickloomCLI

struct SummaryViewTests {
  private let plain = SummaryStyle(isTerminal: false, width: 80, colours: .trueColour)

  private func text(_ summary: RunSummary, _ style: SummaryStyle) -> String {
    SummaryView(summary, style).text.withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
  }

  @Test(arguments: [0, 1, 3, 12, 30])
  func `is plain ASCII without colours unless on a terminal`(count: Int) {
    for holes in [0.0, 0.2] {
      let text = text(SummarySamples.run(count, holes: holes), plain)
      #expect(text.allSatisfy { $0.isASCII })
      #expect(!text.contains("\u{1B}"))
      #expect(text.hasSuffix("\n") && !text.contains("\n\n\n"))
    }
  }

  @Test(arguments: [72, 80, 140], [1, 3, 12, 30])
  func `no line is wider than the terminal`(width: Int, count: Int) {
    for colours in [SummaryStyle.Colours.none, .indexed, .trueColour] {
      let style = SummaryStyle(isTerminal: true, width: width, colours: colours)
      let text = text(SummarySamples.run(count, holes: 0.2), style)
      #expect(text.contains("\u{1B}") == (colours != .none))
      for line in text.split(separator: "\n") {
        let bare = String(line.replacing(#/\u{1B}\[[0-9;]*m/#, with: ""))
        #expect(SummaryText.width(bare) <= width, "\(bare)")
      }
    }
  }

  @Test func `holds the numbers of the run`() {
    let summary = SummarySamples.run(3)
    let text = text(summary, plain)
    for part in [
      "3 symbols", "bars of 1s", "rolling, 256 rows", "version 3,598", "2014-05-04 22:00:15 UTC",
      "fedcba98765432100123456789abcdef", "1,320,944", "2,416,333", "17", "crossed",
      "26,480 late, 1.1 % of the inputs", "--lateness 2200ms", "EURUSD  GBPUSD", "n_eff",
      "smallest eigenvalue  0.0427", "took 1.85 s, 1.31 million ticks/s", "correlation 84 ms",
    ] { #expect(text.contains(part), "\(part)") }
    #expect(!text.contains("overflow"), "a reason that rejected nothing has no column")
  }

  @Test func `names a lateness only where more than one input in a hundred is late`() {
    var summary = SummarySamples.run(3)
    for _ in 0..<1_000_000 { summary.total.ticks.accept() }
    let text = text(summary, plain)
    #expect(text.contains("26,480 late, 0.78 %") && !text.contains("--lateness"))
  }

  @Test func `tells of a run that read nothing`() {
    let summary = RunSummary(timeframe: .day, estimator: "ewma, 0.97")
    let text = text(summary, plain)
    #expect(text.contains("0 symbols, bars of 1d, ewma, 0.97"))
    #expect(text.contains("no version") && text.contains("nothing was read"))
    #expect(!text.contains("late"))
  }

  @Test func `shows the largest symbols and the rest together`() throws {
    let summary = SummarySamples.run(30)
    let counters = SummaryCounters(summary, most: 20)
    #expect(counters.rows.map(\.subject).suffix(3) == [.more(10), .none, .total])
    for column in counters.heads.indices {
      let cells = counters.rows.map { $0.cells[column] }
      #expect(cells.dropLast().reduce(0, +) == cells.last, "\(counters.heads[column])")
    }
    let received = counters.rows.prefix(20).map { $0.cells[0] }
    #expect(received == received.sorted(by: >))
    #expect(text(summary, plain).contains("... and 10 more"))
  }

  @Test func `a hostile name cannot write to the terminal`() {
    var summary = SummarySamples.run(3)
    summary.symbols[1].name = "\u{1B}]0;title\u{7}\n"
    summary.highestPairs[0].first = "\u{1B}[2J"
    summary.skipped = [("a\u{1B}[31m.csv", "line\nbreak")]
    let text = text(summary, plain)
    #expect(
      !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    #expect(text.contains("1 file left out\n  a?[31m.csv: line?break\n"))
  }

  @Test func `says least correlated where nothing is anti-correlated`() {
    var summary = SummarySamples.run(3)
    #expect(text(summary, plain).contains("most anti-correlated"))
    for index in summary.lowestPairs.indices { summary.lowestPairs[index].correlation = 0.2 }
    #expect(text(summary, plain).contains("least correlated"))
  }

  @Test func `says why there is no smallest eigenvalue`() {
    func parts(_ summary: RunSummary) -> [String] { SummaryEigenvalue(summary).parts }
    #expect(parts(SummarySamples.run(0)) == ["none: there is no version"])
    var summary = SummarySamples.run(3)
    #expect(parts(summary) == ["0.0427"])
    summary.smallestEigenvalue = nil
    #expect(parts(summary) == ["none: it was not computed"])
    summary.smallestEigenvalue = -0.02
    #expect(parts(summary) == ["-0.0200", "the matrix is not positive semidefinite"])
    summary.smallestEigenvalue = -3e-17
    #expect(parts(summary) == ["0", "the matrix is singular"])
    let holes = parts(SummarySamples.run(3, holes: 1))
    #expect(holes == ["none: 3 symbols without a correlation", "3 of 3 pairs not defined"])
  }

  @Test func `a p-value that is not defined is a dash`() {
    var summary = SummarySamples.run(3)
    summary.highestPairs[0].pValue = .nan
    #expect(text(summary, plain).contains("256      -\n"))
  }
}
