import Testing

@testable import Tickloom

/// Single cases, tick by tick.
struct CorrectionCaseTests {
  init() { BLAS.useOneThread() }

  let a = SymbolID(rawValue: 0)
  let b = SymbolID(rawValue: 1)

  func trade(
    _ seconds: Double, _ symbol: SymbolID, _ price: Double, sequence: UInt64 = 0
  ) -> Tick {
    Tick(
      time: LateMarket.at(seconds), symbol: symbol, last: price, lastSize: 2,
      venueSequence: sequence, flags: .trade)
  }

  func pipeline(
    horizon: Nanoseconds = .seconds(12), estimator: CorrelationEstimator = .rolling(window: 8)
  ) throws -> Pipeline<StandardFeatures> {
    try Pipeline(configuration: .correcting(estimator, horizon: horizon))
  }

  /// Both symbols, a tick a second at the second's middle.
  func market(_ seconds: Range<Int>, without gaps: Set<Int> = []) -> [Tick] {
    seconds.filter { !gaps.contains($0) }.flatMap { second in
      let noise = Double((second * 7) % 5) / 1000
      return [
        trade(Double(second) + 0.5, a, 100 + noise),
        trade(Double(second) + 0.6, b, 50 + noise * Double(second % 3)),
      ]
    }
  }

  @Test func `late ticks of one batch correct one after the other`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    let late = [trade(5.9, a, 101), trade(5.2, a, 99), trade(5.95, a, 102)]
    try pipeline.process(market(0..<10) + late, into: &output)
    #expect(output.corrections.map(\.sequence) == [21, 22, 23])
    #expect(output.corrections.map { $0.bars[0].clean.bar.revision } == [1, 2, 3])
    let bar = try #require(output.bars[BarName(LateMarket.at(5), a)]).bar
    #expect((bar.open, bar.high, bar.low, bar.close) == (99, 102, 99, 102))
    #expect(bar.tickCount == 4 && bar.volume == 8 && bar.lastSequence == 23)
    #expect(output.corrections[1].bars[0].supersededSequence == 21)
    #expect(output.corrections[1].bars[0].supersededCause == 21)
    #expect(output.corrections.map(\.version) == output.versions.suffix(3).map(\.number))
    let (late3, accepted) = (pipeline.gate.total[.late], pipeline.gate.total.accepted)
    #expect(late3 == 3 && accepted == 20)
  }

  @Test func `a version says which bars it corrects`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    try pipeline.process(market(0..<10) + [trade(5.9, a, 101)], into: &output)
    let version = try #require(output.versions.last)
    let starts = [LateMarket.at(5), LateMarket.at(6)]
    #expect(version.correction == VersionCorrection(sequence: 21, symbol: a, bars: starts))
    let reader = pipeline.publisher.reader
    let seen = reader.withLatest { $0.correction }
    #expect(seen == .some(version.correction))
    try pipeline.process(market(10..<14), into: &output)
    #expect(output.versions.last?.correction == nil)
    #expect(output.versions.count == 6 + 1 + 4)
  }

  @Test func `a repeat of a late tick is a duplicate`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    // Both ahead of all that symbol `a` had, and behind the market.
    let market = market(0..<3) + (3..<12).map { trade(Double($0), b, 50) }
    let third = SymbolID(rawValue: 2)
    let others = (3..<12).map { trade(Double($0), third, 70) }
    let late = trade(5.5, a, 101, sequence: 8)
    try pipeline.process(market + others + [late, late], into: &output)
    #expect(output.corrections.count == 1)
    #expect(output.corrections.first?.bars.first?.isNew == true)
    #expect(output.bars[BarName(LateMarket.at(5), a)]?.bar.tickCount == 1)
    let total = pipeline.gate.total
    #expect(total[.late] == 1 && total[.duplicate] == 1)
  }

  @Test func `beyond the horizon a late tick is only counted`() throws {
    var pipeline = try pipeline(horizon: .seconds(5))
    var output = CorrectionFollower()
    // Symbol a has reached 9.5: 4.5 is the end of the reach, in the middle of a slot.
    try pipeline.process(market(0..<10) + [trade(4.9, a, 101)], into: &output)
    #expect(output.corrections.isEmpty)
    try pipeline.process([trade(5, a, 101)], into: &output)
    #expect(output.corrections.count == 1)
    let late = pipeline.gate.total[.late]
    #expect(late == 2)
  }

  @Test func `a late tick makes the bar that its slot did not have`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    try pipeline.process(market(0..<10, without: [4]), into: &output)
    let next = BarName(LateMarket.at(5), a)
    #expect(output.bars[next]?.bar.gapSlots == 1)
    let row = try #require(output.versions.last)
    try pipeline.process([trade(4.5, a, 100)], into: &output)
    let revised = try #require(output.corrections.first?.bars)
    #expect(revised.map(\.clean.bar.start) == [LateMarket.at(4), LateMarket.at(5)])
    #expect(revised.map(\.isNew) == [true, false])
    #expect(revised[0].clean.bar.revision == 1)
    #expect(output.bars[next]?.bar.gapSlots == 0)
    #expect(output.versions.last?.start == row.start)
    #expect(output.versions.last?.hash != row.hash)
  }

  @Test func `a row can vanish`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    try pipeline.process(market(0..<10, without: [4]), into: &output)
    let before = output.versions.last?.counts.first
    // Only a third symbol has a bar in second 4 now: no return goes from there to second 5.
    let third = SymbolID(rawValue: 2)
    try pipeline.process([trade(4.5, third, 70)], into: &output)
    #expect(output.corrections.count == 1)
    #expect(output.versions.last?.counts.first == before.map { $0 - 1 })
  }

  @Test func `what only adds volume changes no matrix, but makes a version`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    try pipeline.process(market(0..<12), into: &output)
    let before = try #require(output.versions.last)
    try pipeline.process([trade(6.1, a, 100)], into: &output)
    let after = try #require(output.versions.last)
    #expect(after.number == before.number + 1)
    #expect(after.start == before.start)
    #expect(after.matrix == before.matrix && after.counts == before.counts)
    #expect(after.hash != before.hash)
  }

  @Test func `before the first row there is a version without symbols`() throws {
    var pipeline = try pipeline()
    var output = CorrectionFollower()
    try pipeline.process([trade(1, a, 100), trade(3, a, 101), trade(1.5, a, 99)], into: &output)
    #expect(output.corrections.map(\.version) == [1])
    #expect(output.versions.map(\.number) == [1])
    #expect(output.versions[0].matrix.isEmpty && output.versions[0].start == .distantPast)
    // The bar that waited for its row is the corrected one.
    try pipeline.process(market(4..<12), into: &output)
    #expect(output.bars[BarName(LateMarket.at(1), a)]?.bar.close == 99)
    #expect(output.versions.map(\.number) == (1...UInt64(output.versions.count)).map { $0 })
  }

  @Test func `an outlier may become an ordinary bar, and back`() throws {
    var pipeline = try pipeline(horizon: .seconds(20))
    var output = CorrectionFollower()
    let glitch = [trade(50.5, a, 120), trade(50.6, b, 50)]
    try pipeline.process(market(0..<50) + glitch + market(51..<56), into: &output)
    let name = BarName(LateMarket.at(50), a)
    #expect(output.bars[name]?.flags == .outlier)
    #expect(output.features[name] == nil)
    try pipeline.process([trade(50.9, a, 100)], into: &output)
    #expect(output.bars[name]?.flags == .valid)
    #expect(output.features[name] != nil)
    try pipeline.process([trade(50.95, a, 120)], into: &output)
    #expect(output.bars[name]?.flags == .outlier)
    #expect(output.features[name] == nil)
    #expect(output.corrections.count == 2)
    // The bar after it changes with it: its return goes back to where the price was.
    #expect(output.corrections[1].bars.map(\.clean.bar.start.nanoseconds).count == 2)
  }

  @Test(arguments: [
    (Int64(0), "0s"), (-5, "-5ns"), (999_999_999, "999999999ns"), (65_537_000_000_000, "65537s"),
  ])
  func `a horizon that reaches nothing or too far is refused`(
    nanoseconds: Int64, text: String
  ) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try NormalizationConfiguration(corrections: .on(horizon: Nanoseconds(nanoseconds)))
    }
    #expect(error?.field == "corrections.horizon")
    #expect(error?.value == text)
    #expect(error?.allowed == "1s … 65536s")
  }

  @Test func `a horizon within the lateness is refused`() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try NormalizationConfiguration(
        lateness: .seconds(5), corrections: .on(horizon: .seconds(5)))
    }
    #expect(error?.allowed == "6s … 65536s")
    let least = try NormalizationConfiguration(
      lateness: .seconds(5), corrections: .on(horizon: .seconds(6)))
    #expect(least.corrections.horizon == .seconds(6))
  }

  @Test func `off, late ticks change nothing`() throws {
    var pipeline = try Pipeline(configuration: .correcting(.rolling(window: 8), horizon: nil))
    var output = CorrectionFollower()
    try pipeline.process(market(0..<10), into: &output)
    let journal = output.journal
    try pipeline.process([trade(5.9, a, 101)], into: &output)
    #expect(output.journal == journal)
  }
}

/// Bars that were closed before are gone through like those that closed here.
struct CorrectionRestoreTests {
  @Test func `what comes late after restored bars goes through them`() throws {
    BLAS.useOneThread()
    let configuration = try PipelineConfiguration.correcting(.rolling(window: 8))
    let cases = CorrectionCaseTests()
    let (history, live) = (cases.market(0..<10), cases.market(10..<20))
    let late = [cases.trade(12.9, cases.a, 101)]
    var (whole, restored) = (CorrectionFollower(), CorrectionFollower())
    var one = try Pipeline(configuration: configuration)
    try one.process(history, into: &whole)
    try one.process(
      [cases.trade(10.1, cases.a, 100), cases.trade(10.1, cases.b, 50)], into: &whole)
    let bars = whole.bars.keys.sorted().compactMap { whole.bars[$0]?.bar }
    try one.process(live + late, into: &whole)
    var two = try Pipeline(configuration: configuration)
    try two.restore(bars.span, into: &restored)
    let first = [cases.trade(10.1, cases.a, 100), cases.trade(10.1, cases.b, 50)]
    try two.process(first + live + late, into: &restored)
    #expect(restored.corrections.count == 1 && whole.corrections.count == 1)
    #expect(restored.bars.count == whole.bars.count)
    for (name, row) in whole.features {
      #expect(restored.features[name].map(bits(of:)) == bits(of: row), "\(name)")
    }
    #expect(restored.versions.last?.matrix == whole.versions.last?.matrix)
  }
}
