import Testing

@testable import Tickloom

/// The same sequenced input gives the same bytes, corrections among them.
struct CorrectionOrderTests {
  init() { BLAS.useOneThread() }

  func journal(
    _ ticks: [SequencedTick], _ configuration: PipelineConfiguration, shards: Int = 1,
    size: () -> Int
  ) throws -> [String: [String]] {
    var pipeline = try Pipeline(configuration: configuration)
    var output = CorrectionFollower()
    try pipeline.spread(overShards: shards)
    var start = 0
    while start < ticks.count {
      let end = min(ticks.count, start + size())
      let batch = Array(ticks[start..<end])
      try pipeline.process(batch.span, into: &output)
      start = end
    }
    try pipeline.finish(into: &output)
    // How kinds mingle depends on the cuts, except that a correction comes before its version.
    return Dictionary(grouping: output.journal) { line in
      let kind = String(line.prefix { $0 != " " })
      return ["correction", "version"].contains(kind) ? "versions" : kind
    }
  }

  static let estimators = [CorrelationEstimator.rolling(window: 8), .exponential(decay: 0.9)]

  @Test(arguments: [UInt64](1...3), estimators)
  func `any split of the input gives the same bytes`(
    seed: UInt64, estimator: CorrelationEstimator
  ) throws {
    let lateness = [Nanoseconds.zero, .seconds(1), .seconds(4)][Int(seed % 3)]
    let configuration = try PipelineConfiguration.correcting(estimator, lateness: lateness)
    var market = LateMarket(seed: seed)
    market.lateShare = 0.3
    let ticks = market.ticks()
    let whole = try journal(ticks, configuration) { ticks.count }
    #expect((whole["revised"] ?? []).count > 50)
    var random = PipelinePropertyTests.Seeded(state: seed)
    let one = try journal(ticks, configuration) { 1 }
    #expect(one == whole, "seed \(seed), one by one")
    let cut = try journal(ticks, configuration) { Int.random(in: 1...300, using: &random) }
    #expect(cut == whole, "seed \(seed), cut at random")
  }

  @Test(arguments: [2, 3], [UInt64](1...2))
  func `any number of shards gives the same bytes`(shards: Int, seed: UInt64) throws {
    let configuration = try PipelineConfiguration.correcting(.rolling(window: 8))
    var market = LateMarket(seed: seed)
    market.lateShare = 0.2
    let ticks = market.ticks()
    let alone = try journal(ticks, configuration) { 256 }
    #expect((alone["revised"] ?? []).count > 30)
    var random = PipelinePropertyTests.Seeded(state: seed)
    let spread = try journal(ticks, configuration, shards: shards) {
      Int.random(in: 1...300, using: &random)
    }
    #expect(spread == alone, "seed \(seed), \(shards) shards")
  }

  @Test func `symbols that are spread later keep what can be corrected`() throws {
    let configuration = try PipelineConfiguration.correcting(.rolling(window: 8))
    let ticks = LateMarket(seed: 5).ticks()
    var (alone, spread) = (CorrectionFollower(), CorrectionFollower())
    var one = try Pipeline(configuration: configuration)
    var two = try Pipeline(configuration: configuration)
    let middle = ticks.count / 2
    try one.process(ticks.span, into: &alone)
    try one.finish(into: &alone)
    let (head, tail) = (Array(ticks[..<middle]), Array(ticks[middle...]))
    try two.process(head.span, into: &spread)
    try two.spread(overShards: 2)
    try two.process(tail.span, into: &spread)
    try two.finish(into: &spread)
    #expect(alone.corrections.count > 10)
    #expect(spread.versions == alone.versions)
    #expect(spread.bars.mapValues { bits(of: $0) } == alone.bars.mapValues { bits(of: $0) })
    #expect(spread.features.mapValues(bits(of:)) == alone.features.mapValues(bits(of:)))
  }
}
