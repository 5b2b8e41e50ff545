import Testing

@testable import Tickloom

/// What an engine tells of itself, as a person reads it.
struct DescriptionTests {
  @Test(arguments: [
    (0, "0 ns"), (999, "999 ns"), (1000, "1.00 µs"), (1059, "1.05 µs"), (12_349, "12.3 µs"),
    (999_999, "999 µs"), (1_000_000, "1.00 ms"), (61_500_000_000, "61.5 s"),
    (3_600_000_000_000, "3600 s"), (-5, "-5 ns"),
  ])
  func `a duration has the unit that suits it`(nanoseconds: Int64, expected: String) {
    #expect(Nanoseconds(nanoseconds).rounded == expected)
  }

  @Test func `durations are told by their quantiles`() {
    let histogram = DurationHistogram()
    #expect("\(histogram.durations())" == "never")
    for _ in 0..<3 { histogram.record(1000) }
    histogram.record(2_000_000)
    #expect(
      "\(histogram.durations())" == "4 times, p50 1.02 µs, p99 2.00 ms, max 2.00 ms")
  }

  @Test func `an engine describes itself in a few lines`() throws {
    let engine = try EngineThreadTests.engine(2)
    let symbol = SymbolID(rawValue: 0)
    var feed = try EngineThreadTests.group(engine, 0..<1)
    for second in 0..<3 {
      let time = Timestamp(nanoseconds: Int64(second) * 1_000_000_000)
      _ = feed.push(symbol, Tick(time: time, symbol: symbol, last: 1.5))
    }
    _ = feed.push(symbol, Tick(time: Timestamp(nanoseconds: 0), symbol: symbol, last: -1))
    try engine.poll()
    engine.retire(SymbolID(rawValue: 1))
    #expect(
      engine.statuses().map(\.description) == [
        "S0: last 1.5, 2 bars of 4 inputs, 1 refused, 0 waiting, lag 0 ns",
        "S1: last none, 0 bars of 0 inputs, 0 refused, 0 waiting, no feed, retired",
      ])
    let lines = engine.statistics().description.split(separator: "\n")
    #expect(lines.count == 7 && lines[0].hasPrefix("4 ticks and 0 versions in "))
    #expect(lines[4] == "version: never" && lines[2].hasPrefix("bars: "))
    #expect(lines.allSatisfy { $0.count < 80 })
    let memory = engine.memory()
    #expect(memory.description.hasPrefix("\((memory.total + 1023) / 1024) KiB: rings 11, guards "))
    let isOpen = feed.contains(symbol)
    #expect(isOpen)
  }
}
