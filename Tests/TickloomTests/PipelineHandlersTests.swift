import Testing
import Tickloom

struct PipelineHandlersTests {
  /// Two symbols with a quote each second, every tenth of the second one crossed.
  static let ticks: [Tick] = (0..<600).map { place in
    let second = place / 2
    let price = 100 + Double(second * 7919 % 101) / 100 + Double(place % 2)
    let isCrossed = place % 2 == 1 && second % 10 == 9
    return Tick(
      time: Timestamp(nanoseconds: Int64(second) * 1_000_000_000),
      symbol: SymbolID(rawValue: UInt32(place % 2)),
      bid: price + (isCrossed ? 1 : 0), ask: price + 0.5)
  }

  /// What came out, as text, and the places of what was refused.
  private static func outputs(batch: Int) throws -> (lines: [String], refused: [Int]) {
    BLAS.useOneThread()
    var pipeline = try Pipeline(
      configuration: PipelineConfiguration(timeframe: .second, estimator: .rolling(window: 16)))
    var lines: [String] = []
    var refused: [Int] = []
    var first = 0
    var consumer = PipelineHandlers(
      onBar: { lines.append("bar \($0.bar.start) \($0.bar.firstSequence) \($0.bar.close)") },
      onFeatures: { lines.append("row \($0.start) \($0.values[0].bitPattern)") },
      onVersion: { lines.append("version \($0.number) \($0.hash)") },
      onRejection: { refused.append(first + $0.index) })
    while first < ticks.count {
      let end = min(ticks.count, first + batch)
      try pipeline.process(Array(ticks[first..<end]), into: &consumer)
      first = end
    }
    try pipeline.finish(into: &consumer)
    return (lines.sorted(), refused)
  }

  @Test func `numbers the ticks across calls and names the places of refused ones`() throws {
    let whole = try Self.outputs(batch: 600)
    let last = whole.lines.last { $0.hasPrefix("bar") }
    #expect(last == "bar 1970-01-01T00:04:59.000000000Z 599 \((100.38 + 100.38 + 0.5) / 2)")
    #expect(whole.lines.count { $0.hasPrefix("version") } == 299)
    #expect(whole.refused == (0..<30).map { $0 * 20 + 19 })
  }

  @Test(arguments: [1, 7, 256, 257])
  func `the split of the ticks does not matter`(batch: Int) throws {
    let whole = try Self.outputs(batch: 600)
    let split = try Self.outputs(batch: batch)
    #expect(split.lines == whole.lines)
    #expect(split.refused == whole.refused)
  }

  @Test func `refuses settings out of range by name`() {
    let error = #expect(throws: ConfigurationError.self) {
      try PipelineConfiguration(estimator: .rolling(window: 1))
    }
    #expect(error?.field == "estimator")
    #expect(throws: ConfigurationError.self) {
      try PipelineConfiguration(lateness: Nanoseconds(-1))
    }
  }
}
