import Foundation
import Testing
import Tickloom

struct BatchTests {
  init() { BLAS.useOneThread() }

  static func configuration(_ lateness: Nanoseconds = .zero) throws -> PipelineConfiguration {
    try PipelineConfiguration(
      timeframe: .second, lateness: lateness, estimator: .rolling(window: 32))
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `equals the stream over ticks in order of time`(seed: UInt64) throws {
    let lists = BatchTicks.simulated(symbols: 5, ticks: 20_000, seed: seed)
    let configuration = try Self.configuration()
    let expected = try stream(BatchTicks.merged(lists), symbolCount: 5, configuration)
    let result = try Batch(configuration: configuration).process(BatchTicks.inputs(lists))
    let (batch, same) = (BatchOutput(result), BatchOutput(result) == expected.output)
    #expect(same)
    #expect(batch.versions.count > 200)
    #expect(try result.symbols.map { try $0.get().counters } == expected.counters)
    #expect(result.latest?.number == UInt64(result.versions.count))
  }

  @Test(arguments: [Nanoseconds.zero, .seconds(2), .seconds(10)])
  func `equals the stream over late ticks too`(lateness: Nanoseconds) throws {
    let lists = BatchTicks.simulated(symbols: 5, ticks: 20_000, seed: 4, sorted: false)
    let configuration = try Self.configuration(lateness)
    let expected = try stream(BatchTicks.merged(lists), symbolCount: 5, configuration)
    let result = try Batch(configuration: configuration).process(BatchTicks.inputs(lists))
    let same = BatchOutput(result) == expected.output
    #expect(same)
    #expect(try result.symbols.map { try $0.get().counters } == expected.counters)
    let late = expected.counters.reduce(0) { $0 + $1[.late] }
    #expect(lateness == .seconds(10) ? late == 0 : late > 0)
  }

  @Test(arguments: [1, 2, 3, 16])
  func `any number of workers gives the same bytes`(workers: Int) throws {
    let lists = BatchTicks.simulated(symbols: 7, ticks: 14_000, seed: 5)
    let batch = Batch(configuration: try Self.configuration())
    let alone = try batch.process(BatchTicks.inputs(lists), workers: 1)
    let result = try batch.process(BatchTicks.inputs(lists), workers: workers)
    let same = BatchOutput(result) == BatchOutput(alone)
    #expect(same)
    #expect(result.workers == min(workers, 7))
    let sequences = { (result: BatchResult) in
      result.symbols.map { try? $0.get().bars.map { [$0.bar.firstSequence, $0.bar.lastSequence] } }
    }
    #expect(sequences(result) == sequences(alone))
    #expect(result.covariances.map(\.bitPattern) == alone.covariances.map(\.bitPattern))
  }

  @Test func `a sequence is a place among the symbol's own ticks`() throws {
    let lists = BatchTicks.simulated(symbols: 3, ticks: 3000, seed: 6)
    let result = try Batch(configuration: try Self.configuration())
      .process(BatchTicks.inputs(lists))
    let bars = try result.symbols[1].get().bars
    for bar in bars.map(\.bar) {
      let first = lists[1][Int(bar.firstSequence) - 1]
      #expect(Timeframe.second.slotStart(of: first.time) == bar.start)
    }
    #expect(bars.last?.bar.lastSequence ?? 0 <= UInt64(lists[1].count))
  }

  @Test func `versions come with their matrices, in order`() throws {
    let lists = BatchTicks.simulated(symbols: 3, ticks: 3000, seed: 7)
    var seen: [CorrelationSnapshot] = []
    let result = try Batch(configuration: try Self.configuration())
      .process(BatchTicks.inputs(lists)) { seen.append($0.snapshot()) }
    #expect(seen.map(\.hash) == result.versions.map(\.hash))
    #expect(seen.map(\.number) == (1...UInt64(seen.count)).map { $0 })
    let rho = seen.last?[SymbolID(rawValue: 0), SymbolID(rawValue: 2)]
    #expect(rho?.isFinite == true)
    #expect(result.correlation(2, 0) == rho)
  }

  @Test func `takes features of its own`() throws {
    let lists = BatchTicks.simulated(symbols: 2, ticks: 1000, seed: 8)
    let batch = Batch(configuration: try Self.configuration()) {
      FeatureSet(LogReturn(horizon: 1)).appending(RelativeSpread())
    }
    let result = try batch.process(BatchTicks.inputs(lists))
    #expect(result.featureNames == ["log_return_1", "relative_spread"])
    let features = try result.symbols[0].get().features
    #expect(features.columnCount == 2)
    #expect(features.column(1).count == features.rowCount)
    #expect(features.column(1).last == features[features.rowCount - 1, 1])
  }

  @Test func `bars give what they say, folded to the grid`() throws {
    let minute = try #require(Timeframe("1m"))
    let five = try #require(Timeframe("5m"))
    let bars = (0..<600).map { place in
      let price = 100 + Double(place * 7919 % 101) / 100
      return Bar(
        start: Timestamp(nanoseconds: Int64(place) * minute.span.count),
        symbol: SymbolID(rawValue: 0), open: price, high: price + 1, low: price - 1,
        close: price + 0.5, volume: Double(place))
    }
    let configuration = try PipelineConfiguration(timeframe: five)
    let result = try Batch(configuration: configuration)
      .process([BatchInput(name: "A", bars: bars)])
    let folded = try result.symbols[0].get().bars.map(\.bar)
    #expect(folded.count == 120)
    #expect(folded[1].open == bars[5].open && folded[1].close == bars[9].close)
    #expect(folded[1].high == bars[5..<10].map(\.high).max())
    #expect(folded[1].volume == bars[5..<10].map(\.volume).reduce(0, +))
    #expect(result.versions.isEmpty && result.latest == nil)
  }

  @Test(arguments: ["us_trades_20131007", "fx_quotes_201405"])
  func `equals a run over real files`(folder: String) throws {
    guard let path = BatchSharedData.ticks?.appending(path: folder).path else { return }
    let reader = try TickReader(inputs: [.path(path)])
    var lists: [[Tick]] = []
    var read = InputBatch()
    while try reader.read(into: &read) {
      for row in read.ticks {
        while lists.count <= row.tick.symbol.index { lists.append([]) }
        lists[row.tick.symbol.index].append(row.tick)
      }
    }
    var run = RunConfiguration(inputs: [.path(path)])
    run.timeframe = Timeframe("1m")
    run.estimator = .rolling(window: 60)
    let summary = try Run(run).perform()
    let configuration = try PipelineConfiguration(
      timeframe: try #require(Timeframe("1m")), estimator: .rolling(window: 60))
    let result = try Batch(configuration: configuration).process(BatchTicks.inputs(lists))
    #expect(summary.versions == result.versions.count && summary.versions > 100)
    #expect(summary.last?.hash == result.latest?.hash)
    let bits = { (version: CorrelationSnapshot?) in version?.correlations.map(\.bitPattern) }
    #expect(bits(summary.last) == bits(result.latest))
    for (symbol, expected) in zip(result.symbols, summary.symbols) {
      let symbol = try symbol.get()
      #expect(symbol.counters == expected.counts.ticks)
      #expect(symbol.bars.count == expected.counts.bars - expected.counts.missing)
      #expect(symbol.features.rowCount == expected.counts.features)
    }
  }
}
