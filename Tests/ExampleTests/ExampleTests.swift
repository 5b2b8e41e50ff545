import Testing

/// The examples run to their end and show what they say they do.
struct ExampleTests {
  @Test func `two feeds become one table`() throws {
    let run = try Example.run("TwoFeeds")
    #expect(run.status == 0, "\(run.lines)")
    let lines = run.lines
    #expect(lines.first?.hasPrefix("8 symbols need at most ") == true)
    #expect(lines.contains { $0.hasPrefix("version ") && $0.contains(" missed: ") })
    let pairs = lines.drop { $0 != "strongest correlations" }.dropFirst().prefix { !$0.isEmpty }
    #expect(pairs.count == 5)
    let strengths = pairs.compactMap { Double($0.split(separator: " ")[2]).map(abs) }
    #expect(strengths.count == 5 && strengths == strengths.sorted(by: >))
    let bars = lines.drop { !$0.hasPrefix("symbol ") }.dropFirst().prefix { !$0.isEmpty }
    #expect(bars.map { $0.prefix(4) } == (1...8).map { "SIM\($0)" })
    // Nothing gets lost, however the threads were scheduled.
    let counters = try #require(lines.last { $0.contains(" accepted") })
    let counts = counters.split(separator: ", ").compactMap { part in
      part.split(separator: " ").first.flatMap { Int($0) }
    }
    #expect(counts.first == 16_000)
    #expect(counts.dropFirst().reduce(0, +) == 16_000)
  }

  @Test func `the strategy's rule stops the engine, every time at the same tick`() throws {
    let (one, other) = (try Example.run("StrategyLoop"), try Example.run("StrategyLoop"))
    #expect(one.status == 0)
    #expect(one.lines == other.lines)
    #expect(one.lines.first?.hasPrefix("refused: the engine is halted, as it lost ") == true)
    #expect(one.lines.count > 3 && one.lines[1].hasSuffix(" ticks were taken, 0 of this push"))
    let counters = try #require(one.lines.last { $0.hasPrefix("version ") })
    let words = counters.split(separator: " ")
    // "version N, A of T ticks accepted": all that was taken before was finished.
    #expect(words.count == 7 && words[4] == one.lines[1].split(separator: " ").first)
  }
}
