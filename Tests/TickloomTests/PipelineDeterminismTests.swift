import Testing
import Tickloom

/// Everything a pipeline puts out, as bits.
struct Transcript: PipelineConsumer, Equatable {
  var bars: [[UInt64]] = []
  var features: [[UInt64]] = []
  var versions: [String] = []
  var matrices: [[UInt64]] = []

  mutating func take(bars: Span<CleanBar>) {
    for index in bars.indices {
      let (clean, bar) = (bars[index], bars[index].bar)
      let values = [
        bar.open, bar.high, bar.low, bar.close, bar.volume, bar.vwap, bar.spreadEstimate,
        clean.logReturn,
      ]
      self.bars.append(
        [
          UInt64(bar.symbol.rawValue), UInt64(bitPattern: bar.start.nanoseconds),
          UInt64(bar.tickCount), UInt64(bar.gapSlots), bar.firstSequence, bar.lastSequence,
          clean.flags.rawValue,
        ] + values.map(\.bitPattern))
    }
  }

  mutating func take(features: Span<FeatureRow>) {
    for index in features.indices {
      let row = features[index]
      self.features.append(
        [UInt64(row.symbol.rawValue), UInt64(bitPattern: row.start.nanoseconds)]
          + (0..<Int(row.count)).map { row.values[$0].bitPattern })
    }
  }

  mutating func take(version held: borrowing HeldVersion) {
    let version = held.snapshot()
    versions.append("\(version.number) \(version.start.nanoseconds) \(version.hash)")
    matrices.append(version.correlations.map(\.bitPattern) + version.jointCounts.map { UInt64($0) })
  }

  /// What is left when only some symbols count, and the total order does not.
  func without(_ symbol: UInt64) -> (bars: [[UInt64]], features: [[UInt64]]) {
    (
      bars.filter { $0[0] != symbol }.map { Array($0[..<4] + $0[6...]) }.sorted(by: Self.isBefore),
      features.filter { $0[0] != symbol }.sorted(by: Self.isBefore)
    )
  }

  private static func isBefore(_ one: [UInt64], _ other: [UInt64]) -> Bool {
    (one[0], one[1]) < (other[0], other[1])
  }
}

/// Runs ticks through a pipeline in batches whose sizes `size` gives.
func transcript(
  _ ticks: [Tick], _ configuration: PipelineConfiguration, batch size: () -> Int
) throws -> Transcript {
  BLAS.useOneThread()
  var pipeline = try Pipeline(configuration: configuration)
  var output = Transcript()
  var rest = ticks[...]
  while !rest.isEmpty {
    try pipeline.process(Array(rest.prefix(size())), into: &output)
    rest = rest.dropFirst(size())
  }
  try pipeline.finish(into: &output)
  return output
}

struct PipelineDeterminismTests {
  func market(_ symbols: Int, _ ticks: Int, seed: UInt64) -> [Tick] {
    var market = SimulatedMarket(symbols: symbols, ticks: ticks, seed: seed)
    return (0..<ticks).compactMap { _ in market.next() }
  }

  @Test(
    arguments: ["0s", "2s", "10s"],
    [CorrelationEstimator.rolling(window: 16), .exponential(decay: 0.97)])
  func `any split of the input gives the same bytes`(
    lateness: String, estimator: CorrelationEstimator
  ) throws {
    let configuration = PipelineConfiguration(
      normalization: try NormalizationConfiguration(lateness: try #require(Nanoseconds(lateness))),
      correlation: try CorrelationConfiguration(estimator: estimator))
    let ticks = market(4, 4000, seed: 7)
    let whole = try transcript(ticks, configuration) { ticks.count }
    #expect(whole.bars.count > 200)
    #expect(whole.versions.count > 50)
    for size in [1, 7, 255, 256, 257, 1000] {
      let split = try transcript(ticks, configuration) { size }
      #expect(split == whole, "batches of \(size)")
    }
  }

  @Test func `a broken symbol leaves the others as they were`() throws {
    let configuration = PipelineConfiguration(
      normalization: try NormalizationConfiguration(),
      correlation: try CorrelationConfiguration(estimator: .rolling(window: 16)))
    let healthy = market(50, 20_000, seed: 3)
    let broken = SymbolID(rawValue: 50)
    var mixed: [Tick] = []
    for (index, tick) in healthy.enumerated() {
      mixed.append(tick)
      let time = tick.time
      switch index % 5 {
      case 0: mixed.append(Tick(time: time, symbol: broken, bid: .nan, ask: .infinity))
      case 1: mixed.append(Tick(time: time, symbol: broken, bid: 2, ask: 1))
      case 2:
        mixed.append(Tick(time: time + .seconds(86_400), symbol: broken, last: 5, lastSize: 1))
      case 3: mixed.append(Tick(time: time, symbol: broken, last: 1e308, lastSize: 1e308))
      default:
        for _ in 0..<20 {
          mixed.append(Tick(time: time, symbol: broken, last: 7, venueSequence: 9))
        }
      }
    }
    let alone = try transcript(healthy, configuration) { 256 }.without(50)
    let beside = try transcript(mixed, configuration) { 256 }.without(50)
    #expect(alone.bars == beside.bars)
    #expect(alone.features == beside.features)
    #expect(alone.bars.count > 1000)
  }
}
