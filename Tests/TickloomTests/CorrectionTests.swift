import Testing

@testable import Tickloom

/// After a correction everything is as if its late tick had been in time.
struct CorrectionTests {
  init() { BLAS.useOneThread() }

  static let estimators = [
    CorrelationEstimator.rolling(window: 4), .rolling(window: 8), .rolling(window: 30),
    .exponential(decay: 0.9),
  ]

  /// What a pipeline without corrections makes of ticks that are in time.
  func inTime(
    _ ticks: [SequencedTick], _ estimator: CorrelationEstimator, lateness: Nanoseconds
  ) throws -> CorrectionFollower {
    let configuration = try PipelineConfiguration.correcting(
      estimator, horizon: nil, lateness: lateness)
    let timeframe = configuration.normalization.timeframe
    // Slot after slot, and within one in order of arrival: then nothing is late.
    let ordered = ticks.map { (timeframe.slotStart(of: $0.tick.time), $0) }
      .sorted { ($0.0, $0.1.sequence) < ($1.0, $1.1.sequence) }.map(\.1)
    var pipeline = try Pipeline(configuration: configuration)
    var output = CorrectionFollower()
    try pipeline.process(ordered.span, into: &output)
    let late = pipeline.gate.total[.late]
    #expect(late == 0)
    return output
  }

  func expectSame(_ one: CorrectionFollower, _ other: CorrectionFollower, _ context: String) {
    #expect(one.bars.keys.sorted() == other.bars.keys.sorted(), "\(context)")
    for (name, bar) in other.bars {
      let found = one.bars[name].map { bits(of: $0, ended: false) }
      #expect(found == bits(of: bar, ended: false), "\(context), bar \(name)")
    }
    #expect(one.features.keys.sorted() == other.features.keys.sorted(), "\(context)")
    for (name, row) in other.features {
      #expect(one.features[name].map(bits(of:)) == bits(of: row), "\(context), row \(name)")
    }
    #expect(one.versions.last?.matrix == other.versions.last?.matrix, "\(context)")
    #expect(one.versions.last?.counts == other.versions.last?.counts, "\(context)")
  }

  @Test(arguments: estimators, [(UInt64(1), 0), (2, 0), (3, 2)])
  func `everything is as if the late tick had been in time`(
    estimator: CorrelationEstimator, input: (seed: UInt64, lateness: Int)
  ) throws {
    let lateness = Nanoseconds.seconds(Int64(input.lateness))
    let configuration = try PipelineConfiguration.correcting(estimator, lateness: lateness)
    var pipeline = try Pipeline(configuration: configuration)
    var output = CorrectionFollower()
    var taken: [SequencedTick] = []
    for tick in LateMarket(seed: input.seed).ticks() {
      let (before, late) = (output.corrections.count, pipeline.gate.total[.late])
      let one = [tick]
      try pipeline.process(one.span, into: &output)
      let corrected = output.corrections.count > before
      if pipeline.gate.total[.late] == late || corrected { taken.append(tick) }
      #expect(!corrected || pipeline.gate.total[.late] == late + 1)
      guard corrected, output.corrections.count % 3 == 0 else { continue }
      let expected = try inTime(taken, estimator, lateness: lateness)
      expectSame(output, expected, "seed \(input.seed), tick \(tick.sequence)")
    }
    #expect(output.corrections.count > 15)
    let expected = try inTime(taken, estimator, lateness: lateness)
    expectSame(output, expected, "seed \(input.seed), the end")
    let rows = output.versions.count { $0.correction == nil }
    #expect(output.versions.count == rows + output.corrections.count)
    #expect(output.versions.map(\.number) == (1...UInt64(output.versions.count)).map { $0 })
  }
}
