import Testing

@testable import Tickloom

/// Symbols over several threads: nothing of it may show in what comes out.
struct ShardTests {
  static func configuration(lateness: Nanoseconds = .zero) throws -> PipelineConfiguration {
    PipelineConfiguration(
      normalization: try NormalizationConfiguration(lateness: lateness),
      correlation: try CorrelationConfiguration(estimator: .rolling(window: 16)))
  }

  /// What a pipeline puts out that is spread over `shards` after `before` of the ticks.
  static func transcript<Members: Feature>(
    _ ticks: [Tick], _ configuration: PipelineConfiguration, shards: Int, after before: Int = 0,
    batch: Int, strategy: WaitStrategy = .park, maximumHeld: Int = 1 << 20, rings: Int = 4096,
    features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws -> Transcript {
    BLAS.useOneThread()
    var pipeline = try Pipeline(
      configuration: configuration, features: features, maximumHeld: maximumHeld)
    var output = Transcript()
    try pipeline.process(Array(ticks.prefix(before)), into: &output)
    try pipeline.spread(overShards: shards, waitStrategy: strategy, ringCapacity: rings)
    var rest = ticks.dropFirst(before)
    while !rest.isEmpty {
      try pipeline.process(Array(rest.prefix(batch)), into: &output)
      rest = rest.dropFirst(batch)
    }
    try pipeline.finish(into: &output)
    return output
  }

  @Test(arguments: [2, 3, 4], [1, 7, 4096])
  func `any number of shards gives the same bytes in the same order`(
    shards: Int, batch: Int
  ) throws {
    let ticks = PipelinePropertyTests.ticks(symbols: 7, count: 4000, seed: 11)
    for lateness in [Nanoseconds.zero, .seconds(3)] {
      let configuration = try Self.configuration(lateness: lateness)
      let alone = try Self.transcript(ticks, configuration, shards: 1, batch: 256) { .standard() }
      #expect(alone.versions.count > 30)
      let spread = try Self.transcript(
        ticks, configuration, shards: shards, batch: batch, strategy: .yield
      ) { .standard() }
      #expect(spread == alone, "lateness \(lateness)")
    }
  }

  @Test(arguments: [0, 1, 777, 3999])
  func `shards take over symbols as they are`(before: Int) throws {
    let ticks = PipelinePropertyTests.ticks(symbols: 5, count: 4000, seed: 2)
    let configuration = try Self.configuration(lateness: .seconds(1))
    let alone = try Self.transcript(ticks, configuration, shards: 1, batch: 100) { .standard() }
    let spread = try Self.transcript(
      ticks, configuration, shards: 3, after: before, batch: 100
    ) { .standard() }
    #expect(spread == alone)
  }

  @Test(arguments: [1, 3, 40])
  func `what may wait is bounded alike`(maximumHeld: Int) throws {
    let ticks = PipelinePropertyTests.ticks(symbols: 2, count: 4000, seed: 4)
    let configuration = try Self.configuration()
    let alone = try Self.transcript(
      ticks, configuration, shards: 1, batch: 256, maximumHeld: maximumHeld
    ) { .standard() }
    let spread = try Self.transcript(
      ticks, configuration, shards: 2, batch: 31, maximumHeld: maximumHeld
    ) { .standard() }
    #expect(spread == alone)
  }

  @Test(arguments: WaitStrategy.allCases)
  func `shards that stop and go give the same bytes`(strategy: WaitStrategy) throws {
    let ticks = PipelinePropertyTests.ticks(symbols: 6, count: 1500, seed: 9)
    let configuration = try Self.configuration()
    let alone = try Self.transcript(ticks, configuration, shards: 1, batch: 256) {
      FeatureSet(Pausing())
    }
    let spread = try Self.transcript(
      ticks, configuration, shards: 3, batch: 64, strategy: strategy
    ) { FeatureSet(Pausing()) }
    #expect(spread == alone)
  }

  /// Ten times each, with shards that stop at random places.
  @Test(arguments: [1, 2, 4], [64, 65_536])
  func `no ring and no batch shows in the bytes`(shards: Int, rings: Int) throws {
    let ticks = PipelinePropertyTests.ticks(symbols: 5, count: 900, seed: 17)
    let configuration = try Self.configuration(lateness: .seconds(1))
    let alone = try Self.transcript(ticks, configuration, shards: 1, batch: 256) {
      FeatureSet(Pausing())
    }
    #expect(alone.versions.count > 10)
    for batch in [1, 7, 4096] {
      for run in 0..<10 {
        let spread = try Self.transcript(
          ticks, configuration, shards: shards, batch: batch, strategy: .yield, rings: rings
        ) { FeatureSet(Pausing(seed: UInt64(run))) }
        #expect(spread == alone, "batches of \(batch), run \(run)")
      }
    }
  }

  @Test func `a pipeline that goes away early leaves no thread behind`() throws {
    BLAS.useOneThread()
    let ticks = PipelinePropertyTests.ticks(symbols: 4, count: 2000, seed: 1)
    var pipeline = try Pipeline(configuration: try Self.configuration()) { .standard() }
    try pipeline.spread(overShards: 4, waitStrategy: .park)
    var output = Transcript()
    try pipeline.process(ticks, into: &output)
    // Joined here, with much still under way; a thread that went on would keep the test running.
    _ = consume pipeline
  }

  @Test(arguments: [0, 65])
  func `refuses numbers of shards there cannot be`(count: Int) async {
    await #expect(processExitsWith: .failure) { [count = count as Int] in
      BLAS.useOneThread()
      var pipeline = try Pipeline(configuration: try PipelineConfiguration()) { .standard() }
      try pipeline.spread(overShards: count)
    }
  }
}

/// A feature that now and then gives up the processor for a while.
private struct Pausing: Feature {
  private var random: PipelinePropertyTests.Seeded

  init(seed: UInt64 = 7) { random = PipelinePropertyTests.Seeded(state: seed) }

  var names: [String] { ["pausing"] }

  mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    // Long ones are of some tens of microseconds.
    let isLong = random.next() % 32 == 0
    var waiter = Waiter(isLong ? .park : .yield)
    for _ in 0..<(isLong ? 122 : random.next() % 4) { waiter.wait() }
    // The symbol is the same wherever it is computed.
    row.append(bar.bar.close + Double(bar.bar.symbol.rawValue))
  }
}
