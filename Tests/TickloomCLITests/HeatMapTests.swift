import LoomSystem
import Testing
import Tickloom

@testable import TickloomCLI

struct HeatMapTests {
  private func map(_ count: Int, _ style: SummaryStyle, holes: Double = 0) -> [String] {
    let snapshot = SummarySamples.snapshot(count, seed: 3, holes: holes)
    return HeatMapText(snapshot, names: SummarySamples.names(count), style: style).lines()
  }

  /// `line` without its escape sequences.
  private func plain(_ line: String) -> String { line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") }

  @Test func `both sides leave the middle at the same pace`() {
    for step in 1...20 {
      let value = Double(step) / 20
      let nearer = value - 0.05
      for (scale, sign) in [(HeatMapScale.light, -1.0), (.dark, 1.0)] {
        let red = scale.colour(of: value).luma - scale.colour(of: nearer).luma
        let blue = scale.colour(of: -value).luma - scale.colour(of: -nearer).luma
        #expect(red * sign > 0, "\(value)")
        #expect(blue * sign > 0, "\(value)")
      }
      let (red, blue) = (
        HeatMapScale.light.colour(of: value), HeatMapScale.light.colour(of: -value)
      )
      #expect(red.red > red.blue && blue.blue > blue.red)
      #expect(abs(red.luma - blue.luma) < 30)
    }
    #expect(HeatMapScale.light.colour(of: 7) == HeatMapScale.light.colour(of: 1))
  }

  @Test func `has one index for no correlation and different ones at the ends`() {
    #expect(HeatMapScale.indexed(0).index == HeatMapScale.indexed(-0.01).index)
    #expect(HeatMapScale.indexed(1).index != HeatMapScale.indexed(-1).index)
    #expect(HeatMapScale.indexed(1).isDark && !HeatMapScale.indexed(0).isDark)
  }

  @Test func `writes a colour as style sheets do`() {
    #expect(HeatMapColour(0x0A_FF00).code == "#0aff00")
  }

  @Test(arguments: [72, 80, 140], [2, 12, 30, 100])
  func `fits into the line and says how many it shows`(width: Int, count: Int) throws {
    for colours in [SummaryStyle.Colours.none, .indexed, .trueColour] {
      let style = SummaryStyle(isTerminal: true, width: width, colours: colours)
      let lines = map(count, style, holes: 0.1).map(plain)
      for line in lines { #expect(SummaryText.width(line) <= width) }
      let shown = lines.count { $0.contains("SYM") || $0.contains("USD") || $0.contains("EUR") }
      let title = try #require(lines.first)
      #expect(title.contains("of the") == title.contains("symbols of \(count)"))
      if !title.contains("of the") { #expect(shown >= count) }
    }
  }

  @Test func `plain numbers stand in columns`() {
    let lines = map(5, SummaryStyle(isTerminal: false, width: 80, colours: .none))
    let snapshot = SummarySamples.snapshot(5, seed: 3)
    #expect(lines.count == 7)
    for row in 0..<5 {
      let cells = lines[row + 2].split(separator: " ").dropFirst()
      let values = (0..<5).map { column in
        snapshot[SymbolID(rawValue: UInt32(row)), SymbolID(rawValue: UInt32(column))]
      }
      for (cell, value) in zip(cells, values) {
        #expect(abs((Double(cell) ?? .nan) - value) <= 0.005 + 1e-12)
      }
      #expect(cells.count == 5)
    }
  }

  @Test func `shows what is not defined as a dot and explains it`() {
    let style = SummaryStyle(isTerminal: false, width: 80, colours: .none)
    let lines = map(4, style, holes: 1)
    #expect(lines[2].split(separator: " ").dropFirst().allSatisfy { $0 == "." })
    #expect(lines.last?.contains("not defined") == true)
    #expect(!map(4, style).contains { $0.contains("not defined") })
  }

  @Test func `chooses the symbols that move with others`() {
    let count = 6
    // Symbols 1 and 4 are one another's; nothing else is correlated, symbol 5 with nobody.
    var values: [Double] = []
    for row in 0..<count {
      for column in row..<count {
        let isPair = row == 1 && column == 4
        values.append(column == 5 ? .nan : row == column ? 1 : isPair ? -0.9 : 0.1)
      }
    }
    let snapshot = CorrelationSnapshot(
      hash: Hash128(high: 0, low: 0), symbolCount: count, correlations: values,
      jointCounts: [Int32](repeating: 9, count: values.count))
    let selection = HeatMapSelection(snapshot, most: 3)
    #expect(selection.symbols.map(\.index) == [0, 1, 4])
    #expect(!selection.isComplete && selection.total == 6)
    #expect(HeatMapSelection(snapshot, most: 5).symbols.map(\.index) == [0, 1, 2, 3, 4])
    #expect(HeatMapSelection(snapshot, most: 6).isComplete)
  }
}
