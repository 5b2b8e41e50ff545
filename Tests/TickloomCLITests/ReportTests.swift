import Foundation
import LoomSystem
import Testing
import Tickloom

@testable import TickloomCLI

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct ReportTests {
  /// What a page holds: whether it is well-formed, its elements, attributes and text.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var attributes: Set<String> = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes attributeDict: [String: String]
    ) {
      elements[name, default: 0] += 1
      attributes.formUnion(attributeDict.keys)
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func page(_ summary: RunSummary) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/report-\(UUID()).html"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Report.write(summary, to: OutputFile(path: path))
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  private func read(_ page: String) throws -> Reader {
    let parser = XMLParser(data: Data(page.utf8))
    let reader = Reader()
    parser.delegate = reader
    let isWellFormed = parser.parse()
    #expect(isWellFormed, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
    return reader
  }

  @Test(arguments: [0, 1, 3, 12, 130], [0.0, 0.3])
  func `is well-formed and needs nothing from outside`(count: Int, holes: Double) throws {
    let page = try page(SummarySamples.run(count, holes: holes))
    let reader = try read(page)
    #expect(page.hasPrefix("<!DOCTYPE html>\n") && page.hasSuffix("</html>\n"))
    for element in ["script", "link", "img", "iframe", "object", "image", "use"] {
      #expect(reader.elements[element] == nil)
    }
    #expect(reader.attributes.isDisjoint(with: ["src", "href", "onload", "onclick", "style"]))
    for word in ["http", "@import", "//", "nan\"", "NaN ", "inf\""] {
      #expect(!page.contains(word))
    }
    #expect(page.ranges(of: "url(").count == 1, "the hatch of this page")
    #expect(page.contains("prefers-color-scheme: dark"))
  }

  @Test func `escapes every text of the input`() throws {
    let name = "<script>alert('x')</script>&\"\n\u{0}\u{202E}"
    var summary = SummarySamples.run(3)
    summary.symbols[0].name = name
    summary.highestPairs[0].first = name
    summary.lowestPairs[0].second = name
    summary.estimator = name
    summary.settings = [(name, name)]
    summary.skipped = [(name, name)]
    summary.stages = [.init(name: name, seconds: 1)]
    let reader = try read(page(summary))
    #expect(reader.elements["script"] == nil)
    let shown = "<script>alert('x')</script>&\"\u{FFFD}\u{FFFD}\u{FFFD}"
    // Charts, counters, pairs and their courses, estimator, settings, files, stage.
    #expect(reader.text.ranges(of: shown).count >= 11)
    #expect(!reader.text.contains("\u{202E}"))
  }

  @Test func `draws a cell for each pair, hatched where it is not defined`() throws {
    let summary = SummarySamples.run(12, holes: 0.3)
    let last = try #require(summary.last)
    let page = try page(summary)
    let holes = last.correlations.count { $0.isNaN }
    // One more in the legend.
    #expect(page.ranges(of: "<rect class=\"hole\"").count == holes + 1)
    let cells = page.ranges(of: "n_eff ").count
    #expect(cells == 12 * 13 / 2)
    #expect(page.contains("none: ") && page.contains("pairs not defined"))
  }

  @Test func `says which symbols it shows where there are too many`() throws {
    let page = try page(SummarySamples.run(130))
    #expect(page.contains("Shown are the 120 symbols of 130 with the largest mean |ρ|."))
    #expect(page.contains("The 100 symbols of 130 with the most inputs."))
    #expect(page.ranges(of: "<h2>").count == page.ranges(of: "</h2>").count)
  }

  @Test func `holds the numbers of the run`() throws {
    let text = try read(page(SummarySamples.run(3))).text
    for part in [
      "3 symbols, bars of 1s", "rolling, 256 rows", "version 3,598", "2014-05-04 22:00:15 UTC",
      "fedcba98765432100123456789abcdef", "2,416,333", "0.0427", "EURUSD × GBPUSD", "crossed",
      "6,500", "min-periods", "910 ms", "volatility, bp", "4 May 2014", "21:30",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test func `an empty run has a page too`() throws {
    let text = try read(page(RunSummary(timeframe: .day, estimator: "rolling"))).text
    #expect(text.contains("0 symbols, bars of 1d") && text.contains("no version"))
  }

  @Test func `draws prices that are hardly drawable`() throws {
    var summary = SummarySamples.run(4)
    summary.symbols[0].chart.closes[5] = 1e308
    summary.symbols[0].chart.closes[6] = 1
    summary.symbols[1].chart.closes = summary.symbols[1].chart.closes.map { _ in .nan }
    summary.symbols[2].chart.volatilities = summary.symbols[2].chart.volatilities.map { _ in 0 }
    summary.symbols[3].chart = RunSummary.Chart()
    let reader = try read(page(summary))
    #expect(reader.text.contains("Nothing to draw."))
  }

  @Test func `nothing stands where the page cannot be written`() throws {
    let summary = SummarySamples.run(3)
    #expect(throws: SystemError.failed(.write, path: "/dev/full", code: ENOSPC)) {
      try Report.write(summary, to: OutputFile(path: "/dev/full"))
    }
  }
}
