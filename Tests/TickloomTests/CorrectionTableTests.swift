import Testing

@testable import Tickloom

/// A table as bits: its clock, and of each symbol how many bars and rows there were and those kept.
private struct TableBits: Equatable {
  var number: UInt64
  var clock: Timestamp
  var symbols: [[[UInt64]]]

  /// Without what tells a correction from a tick in time, where `ended` is false.
  init(_ table: borrowing HeldBars, ended: Bool = true) {
    number = ended ? table.number : 0
    clock = table.clock
    symbols = (0..<UInt32(table.symbolCount)).map { symbol in
      let symbol = SymbolID(rawValue: symbol)
      let bars = table.withBars(of: symbol) { span in
        span.indices.map { bits(of: span[$0], ended: ended) }
      }
      let rows = table.withRows(of: symbol) { starts, values in
        let width = starts.isEmpty ? 0 : values.count / starts.count
        return starts.indices.map { row in
          [UInt64(bitPattern: starts[row].nanoseconds)]
            + (row * width..<(row + 1) * width).map { values[$0].bitPattern }
        }
      }
      return [[table.barCount(of: symbol), table.rowCount(of: symbol)]] + bars + rows
    }
  }
}

/// Both tables as they are found beside each version, checked against all that came before.
private struct TableFollower: PipelineConsumer {
  let (latest, cut): (BarReader, BarReader)
  var followed = CorrectionFollower()
  /// By version: the cut, and beside a correction the latest.
  var beside: [[TableBits]] = []
  var correctionCount: Int { followed.corrections.count }

  mutating func take(bars: Span<CleanBar>) { followed.take(bars: bars) }
  mutating func take(features: Span<FeatureRow>) { followed.take(features: features) }
  mutating func take(correction: borrowing Correction) { followed.take(correction: correction) }

  mutating func take(version: borrowing HeldVersion) {
    guard let cut = cut.withLatest({ TableBits($0) }),
      let latest = latest.withLatest({ TableBits($0) })
    else { return beside.append([]) }
    guard version.correction != nil else { return beside.append([cut]) }
    var content = latest
    // How many tables there were depends on how the input was cut.
    content.number = 0
    beside.append([cut, content])
    let isAfter = cut.clock >= version.start
    #expect(isAfter, "the cut is older than the version")
    expect(cut, depth: 1, through: cut.clock)
    expect(latest, depth: self.latest.depth, through: .distantFuture)
  }

  /// Whether a table has the last of what came, as it was corrected.
  private func expect(_ table: TableBits, depth: Int, through moment: Timestamp) {
    let bars = followed.bars.filter { $0.key.start <= moment }
    let rows = followed.features.filter { $0.key.start <= moment }
    for (place, found) in table.symbols.enumerated() {
      let symbol = SymbolID(rawValue: UInt32(place))
      let names = bars.keys.filter { $0.symbol == symbol }.sorted()
      let rowNames = rows.keys.filter { $0.symbol == symbol }.sorted()
      let expected =
        names.suffix(depth).compactMap { bars[$0].map { bits(of: $0) } }
        + rowNames.suffix(depth).compactMap { rows[$0].map(bits(of:)) }
      #expect(found == [[UInt64(names.count), UInt64(rowNames.count)]] + expected)
    }
    #expect(Set(bars.keys.map(\.symbol)).count == table.symbols.count { $0[0][0] > 0 })
  }
}

/// Tables of bars and rows learn what a late tick has changed.
struct CorrectionTableTests {
  init() { BLAS.useOneThread() }

  static let estimators = [CorrelationEstimator.rolling(window: 8), .exponential(decay: 0.9)]

  private func pipeline(
    _ configuration: PipelineConfiguration, depth: Int
  ) throws -> Pipeline<StandardFeatures> {
    try Pipeline(
      configuration: configuration, features: { .standard() }, holders: 3, tableDepth: depth)
  }

  private func follow(
    _ pipeline: inout Pipeline<StandardFeatures>, _ ticks: [SequencedTick], size: Int
  ) throws -> TableFollower {
    let readers = pipeline.tables
    let tables = try #require(readers)
    var output = TableFollower(latest: tables.latest, cut: tables.cut)
    var start = 0
    while start < ticks.count {
      let batch = Array(ticks[start..<min(ticks.count, start + size)])
      try pipeline.process(batch.span, into: &output)
      start += size
    }
    try pipeline.settle(into: &output)
    return output
  }

  /// Slot after slot, and within one in order of arrival: then nothing is late.
  private func inTime(_ ticks: [SequencedTick]) -> [SequencedTick] {
    ticks.map { (Timeframe.second.slotStart(of: $0.tick.time), $0) }
      .sorted { ($0.0, $0.1.sequence) < ($1.0, $1.1.sequence) }.map(\.1)
  }

  @Test(arguments: estimators, [(UInt64(1), 0, 1), (2, 0, 3), (3, 2, 40)])
  func `tables are as if the late tick had been in time`(
    estimator: CorrelationEstimator, input: (seed: UInt64, lateness: Int, depth: Int)
  ) throws {
    let lateness = Nanoseconds.seconds(Int64(input.lateness))
    var pipeline = try pipeline(
      .correcting(estimator, lateness: lateness), depth: input.depth)
    let readers = pipeline.tables
    let tables = try #require(readers)
    var output = TableFollower(latest: tables.latest, cut: tables.cut)
    var taken: [SequencedTick] = []
    var comparisons = 0
    for tick in LateMarket(seed: input.seed).ticks() {
      let (before, late) = (output.correctionCount, pipeline.gate.total[.late])
      let one = [tick]
      try pipeline.process(one.span, into: &output)
      let corrected = output.correctionCount > before
      if pipeline.gate.total[.late] == late || corrected { taken.append(tick) }
      guard corrected, output.correctionCount % 4 == 0 else { continue }
      var punctual = try self.pipeline(
        .correcting(estimator, horizon: nil, lateness: lateness), depth: input.depth)
      _ = try follow(&punctual, inTime(taken), size: 256)
      let readers = punctual.tables
      let expected = try #require(readers)
      let cut = tables.cut.withLatest { TableBits($0, ended: false) }
      #expect(cut == expected.cut.withLatest { TableBits($0, ended: false) }, "\(tick.sequence)")
      // When the latest was published depends on the batches.
      let latest = tables.latest.withLatest { TableBits($0, ended: false).symbols }
      let other = expected.latest.withLatest { TableBits($0, ended: false).symbols }
      #expect(latest == other, "\(tick.sequence)")
      comparisons += 1
    }
    #expect(comparisons > 5)
  }

  @Test(arguments: estimators)
  func `any shards and batches give the same tables beside each version`(
    estimator: CorrelationEstimator
  ) throws {
    let configuration = try PipelineConfiguration.correcting(estimator)
    var market = LateMarket(seed: 7)
    market.lateShare = 0.2
    let ticks = market.ticks()
    var alone = try pipeline(configuration, depth: 3)
    let whole = try follow(&alone, ticks, size: ticks.count)
    #expect(whole.correctionCount > 30)
    for (shards, size) in [(1, 1), (2, 100), (4, 7)] {
      var other = try pipeline(configuration, depth: 3)
      try other.spread(overShards: shards)
      let found = try follow(&other, ticks, size: size)
      #expect(found.beside == whole.beside, "\(shards) shards, batches of \(size)")
    }
  }

  @Test func `a cut that is held keeps its bytes, and the next one is of the same time`() throws {
    let cases = CorrectionCaseTests()
    var pipeline = try pipeline(.correcting(.rolling(window: 8)), depth: 4)
    let readers = pipeline.tables
    let tables = try #require(readers)
    var output = CorrectionFollower()
    try pipeline.process(cases.market(0..<10), into: &output)
    guard var held = tables.cut.hold() else { throw EngineThreadTests.NoFeed() }
    let before = TableBits(held)
    let late = [cases.trade(5.9, cases.a, 101), cases.trade(6.9, cases.a, 102)]
    try pipeline.process(late, into: &output)
    let still = TableBits(held)
    #expect(still == before)
    let missed = held.advance()
    let after = TableBits(held)
    #expect(missed == 1 && after.clock == before.clock && after.number == before.number + 2)
    // By the first because its return begins there, by the second because it was late for it.
    let bar = held.latestBar(of: cases.a)?.bar
    #expect(bar?.start == LateMarket.at(6) && bar?.revision == 2)
    #expect(after.symbols[1] == before.symbols[1] && after.symbols[0] != before.symbols[0])
  }

  @Test func `what waits for the market is corrected before it is cut`() throws {
    let cases = CorrectionCaseTests()
    var pipeline = try pipeline(.correcting(.rolling(window: 8)), depth: 4)
    let readers = pipeline.tables
    let tables = try #require(readers)
    var output = CorrectionFollower()
    // Symbol a is far ahead of the market, which has no cut after the third second.
    let ahead = (5..<12).map { cases.trade(Double($0) + 0.5, cases.a, 100) }
    try pipeline.process(cases.market(0..<5) + ahead, into: &output)
    let clock = try #require(tables.cut.withLatest { $0.clock })
    try pipeline.process([cases.trade(9.9, cases.a, 103)], into: &output)
    #expect(output.corrections.count == 1)
    #expect(tables.cut.withLatest { $0.clock } == clock)
    let later = [cases.trade(12.5, cases.a, 100), cases.trade(12.6, cases.b, 50)]
    try pipeline.process(later, into: &output)
    let bar = tables.cut.withLatest { $0.latestBar(of: cases.a)?.bar }
    #expect(bar??.start == LateMarket.at(9) && bar??.close == 103 && bar??.revision == 1)
  }
}
