import LoomSystem
import Testing
import Tickloom

@testable import TickloomCLI

struct LiveViewTests {
  static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

  /// A market of `count` symbols, each busier than the one before; prices have `decimals`.
  static func state(_ count: Int, decimals: Int = 2) -> LiveState {
    var state = LiveState(timeframe: .second)
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    state.estimator = "rolling, 256 rows"
    (state.received, state.rejected, state.receivedPerSecond) = (1_234_567, 89, 99_876)
    (state.bars, state.versions) = (4321, 987)
    (state.marketClock, state.now) = (start, start + .seconds(2))
    for place in 0..<count {
      let symbol = SymbolID(rawValue: UInt32(place))
      let price = Double(100_000 + 37 * place) / unit
      let bar = Bar(
        start: start, symbol: symbol, open: price, high: price + 3 / unit, low: price, close: price,
        volume: Double(100 * place))
      state.symbols.append(
        LiveState.Symbol(
          name: SummarySamples.names(count)[place], accepted: 1000 + place, rejected: place,
          price: price, latest: start + Nanoseconds(Int64(place) * 1_000_000),
          bar: place == 1 ? nil : CleanBar(bar: bar, logReturn: place % 2 == 0 ? 0.001 : -0.02)))
    }
    for place in 1..<max(1, min(count, 16)) {
      state.pairs.append(
        LiveState.Pair(
          first: SymbolID(rawValue: 0), second: SymbolID(rawValue: UInt32(place)),
          correlation: 1 / Double(-place), jointCount: 200 + place))
    }
    return state
  }

  static func lines(
    _ state: LiveState, _ width: Int, _ height: Int, _ colours: SummaryStyle.Colours = .none
  ) -> [String] {
    var view = LiveView()
    let style = SummaryStyle(isTerminal: true, width: width, colours: colours)
    return view.lines(state, in: LiveView.Room(width: width, height: height, style: style))
  }

  static func bare(_ line: String) -> String {
    String(line.replacing(#/\u{1B}\[[0-9;]*m/#, with: ""))
  }

  @Test(arguments: [0, 1, 2, 12, 300])
  func `fits into any terminal`(count: Int) {
    let state = Self.state(count)
    for width in [1, 2, 9, 20, 33, 79, 120, 250] {
      for height in [1, 2, 3, 5, 8, 9, 12, 24, 70, 400] {
        for colours in [SummaryStyle.Colours.none, .trueColour] {
          let lines = Self.lines(state, width, height, colours)
          #expect(lines.count <= height, "\(width) × \(height)")
          for line in lines {
            #expect(SummaryText.width(Self.bare(line)) <= width, "\(width) × \(height): \(line)")
            #expect(colours != .none || line == Self.bare(line))
          }
        }
      }
    }
  }

  @Test func `colours change nothing but colours`() {
    let state = Self.state(12)
    let plain = Self.lines(state, 120, 40)
    let coloured = Self.lines(state, 120, 40, .trueColour)
    #expect(coloured.map(Self.bare) == plain)
    #expect(coloured != plain)
  }

  @Test func `numbers line up and have the decimals of their prices`() throws {
    let lines = Self.lines(Self.state(12, decimals: 3), 130, 40)
    let first = try #require(lines.firstIndex { $0.hasPrefix("symbol") })
    let rows = lines[first...].prefix(13)
    #expect(Set(rows.map(\.count)).count == 1)
    let cells = lines[first + 3].split(separator: " ").map(String.init)
    #expect(
      cells == [
        "USDJPY", "100.074", "22:13:20", "100.074", "100.077", "100.074", "100.074", "200",
        "+0.100", "1.998", "1,002", "2",
      ])
    // Before its first bar.
    let waiting = lines[first + 2].split(separator: " ").map(String.init)
    #expect(waiting[1...2] == ["100.037", "–"])
    #expect(lines[1].hasPrefix("1,234,567 ticks · 99,900 ticks/s · 89 rejected · 4,321 bars"))
  }

  @Test func `a price keeps the decimals it once had`() {
    var view = LiveView()
    let style = SummaryStyle(isTerminal: true, width: 80, colours: .none)
    let room = LiveView.Room(width: 100, height: 24, style: style)
    var state = Self.state(1)
    state.symbols[0].price = 1.08415
    _ = view.lines(state, in: room)
    state.symbols[0].price = 1.084
    #expect(view.lines(state, in: room).contains { $0.contains("1.08400") })
  }

  @Test(arguments: [
    (1.0, 0), (0, 0), (187.34, 2), (1.08415, 5), (1.084155, 6), (0.1 + 0.2, 1), (60_000.125, 3),
    (1e300, 0), (.nan, 0), (1.0 / 3, 9), (123_456_789.5, 1),
  ])
  func `decimals are those that a price was written with`(value: Double, expected: Int) {
    #expect(SummaryNumber.decimals(of: value) == expected)
  }

  @Test func `the busiest are shown where there is no room for all, in their order`() {
    let lines = Self.lines(Self.state(12), 100, 16)
    #expect(!lines.contains { $0.hasPrefix("EURUSD  1") })
    #expect(Self.lines(Self.state(12), 100, 40).contains { $0.hasPrefix("EURUSD  1") })
    let shown = ["XAUUSD", "XAGUSD", "BTCUSD"].map { name in
      lines.firstIndex { $0.hasPrefix(name) } ?? -1
    }
    #expect(shown == shown.sorted() && shown[0] > 0)
    #expect(lines.contains { $0.hasSuffix("quieter ones") })
    #expect(lines.contains { $0.contains("n_eff") })
  }

  @Test func `columns that matter less give way`() {
    func head(_ width: Int) -> [String] {
      let lines = Self.lines(Self.state(5), width, 30)
      return lines.first { $0.hasPrefix("symbol") }?.split(separator: "  ").map {
        String($0.drop { $0 == " " })
      } ?? []
    }
    #expect(
      head(140) == [
        "symbol", "last", "bar", "open", "high", "low", "close", "volume", "return %", "lag s",
        "ticks", "rejected",
      ])
    // What a bar is made of goes together, and its close last.
    #expect(
      head(80) == [
        "symbol", "last", "bar", "close", "volume", "return %", "lag s", "rejected",
      ])
    for width in 20...140 {
      let prices = ["open", "high", "low"].filter(head(width).contains)
      #expect(prices.isEmpty || prices.count == 3 && head(width).contains("close"), "\(width)")
    }
    #expect(head(44) == ["symbol", "last", "return %", "lag s", "rejected"])
    #expect(head(20) == ["symbol", "last"])
    #expect(head(7) == ["symbol"])
  }

  @Test func `one is not many`() {
    var state = Self.state(1)
    (state.received, state.bars, state.versions) = (1, 1, 1)
    let lines = Self.lines(state, 120, 24)
    #expect(lines[0].hasPrefix("tickloom live  1 symbol · bars of"))
    #expect(lines[1].hasPrefix("1 tick · ") && lines[1].contains(" · 1 bar · 1 version · "))
  }

  @Test func `it is said when there will be correlations`() {
    var state = Self.state(3)
    state.pairs = []
    state.minimumRows = 128
    let text = "correlations after 128 rows of both symbols"
    #expect(Self.lines(state, 120, 24).last == text)
    #expect(!Self.lines(state, 120, 8).contains(text))
    #expect(!Self.lines(Self.state(3), 120, 24).contains(text))
    state.symbols.removeLast(2)
    #expect(!Self.lines(state, 120, 24).contains(text))
  }

  @Test func `names cannot move the cursor`() {
    var state = Self.state(3)
    state.symbols[0].name = "A\u{1B}[2J\u{202E}\nB"
    for line in Self.lines(state, 100, 30) {
      #expect(line.unicodeScalars.allSatisfy(SummaryText.isHarmless))
    }
  }

  @Test(arguments: [
    ("1d", "2023-11-14"), ("5m", "22:13"), ("1s", "22:13:20"), ("100ms", "22:13:20.000"),
  ])
  func `bars are named as finely as they lie apart`(timeframe: String, expected: String) throws {
    var state = Self.state(1)
    state.timeframe = try #require(Timeframe(timeframe))
    #expect(Self.lines(state, 130, 30).contains { $0.contains("  \(expected)  ") })
  }
}
