import Testing

@testable import Tickloom

/// A pipeline that is put together again goes on as if it had never stopped.
struct SnapshotTests {
  static let cases: [SnapshotCase] = [
    SnapshotCase(),
    SnapshotCase(estimator: .exponential(decay: 0.94), seed: 2),
    SnapshotCase(lateness: .seconds(3), isNormalized: true, seed: 3),
    SnapshotCase(corrections: .on(horizon: .seconds(12)), tableDepth: 4, seed: 4),
    SnapshotCase(
      estimator: .exponential(decay: 0.9), lateness: .seconds(1),
      corrections: .on(horizon: .seconds(7)), isNormalized: true, tableDepth: 7, seed: 5),
    SnapshotCase(estimator: .rolling(window: 3), tableDepth: 2, seed: 6),
  ]

  static func check(_ one: SnapshotCase, at cuts: [Int], of steps: [SnapshotStep]) throws {
    if one.isNormalized {
      try check(one, at: cuts, of: steps) { FeatureSet.standard().normalized(window: 9) }
    } else {
      try check(one, at: cuts, of: steps) { .standard() }
    }
  }

  static func make<Members: Feature>(
    _ one: SnapshotCase, _ features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws -> Pipeline<Members> {
    BLAS.useOneThread()
    return try Pipeline(
      configuration: try one.configuration, features: features, holders: 2,
      tableDepth: one.tableDepth, tableSymbols: 2)
  }

  /// One pipeline that never stops, of which copies are made on the way.
  static func check<Members: Feature>(
    _ one: SnapshotCase, at cuts: [Int], of steps: [SnapshotStep],
    _ features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws {
    var whole = try make(one, features)
    var output = FullTranscript()
    var snapshots: [(cut: Int, lines: Int, bytes: [UInt8], looks: Looks)] = []
    for (place, step) in steps.enumerated() {
      if cuts.contains(place) {
        snapshots.append((place, output.lines.count, try whole.snapshot(), whole.looks))
      }
      try whole.take([step], into: &output)
    }
    let looks = whole.looks
    try whole.finish(into: &output)
    let end = whole.looks
    let kinds = Set(output.byKind.keys)
    let usual: Set<String> = ["bar", "row", "version", "rejected"]
    #expect(kinds.isSuperset(of: one.corrections == .off ? usual : usual.union(["correction"])))
    for snapshot in snapshots {
      var again = try make(one, features)
      try again.restore(from: snapshot.bytes)
      let now = again.looks
      #expect(now == snapshot.looks, "at \(snapshot.cut) of \(one)")
      let copy = try again.snapshot()
      #expect(copy == snapshot.bytes, "at \(snapshot.cut) of \(one)")
      var rest = FullTranscript()
      try again.take(steps[snapshot.cut...], into: &rest)
      let later = again.looks
      #expect(later == looks, "at \(snapshot.cut) of \(one)")
      try again.finish(into: &rest)
      let last = again.looks
      #expect(last == end, "at \(snapshot.cut) of \(one)")
      let expected = Array(output.lines[snapshot.lines...])
      let isSame = rest.lines == expected
      let difference = zip(rest.lines, expected).first { $0 != $1 }
      #expect(isSame, "at \(snapshot.cut) of \(one): \(String(describing: difference).prefix(300))")
    }
  }

  @Test(arguments: cases)
  func `what was restored puts out what the uninterrupted one does`(one: SnapshotCase) throws {
    let steps = disturbedSteps(1500, seed: one.seed)
    var random = PipelinePropertyTests.Seeded(state: one.seed)
    let cuts = (0..<5).map { _ in Int.random(in: 0..<steps.count, using: &random) }
    try Self.check(one, at: cuts, of: steps)
  }

  @Test(arguments: cases)
  func `any place of a short input will do`(one: SnapshotCase) throws {
    let steps = disturbedSteps(100, symbols: 3, seed: one.seed)
    try Self.check(one, at: Array(0...steps.count - 1), of: steps)
  }

  @Test func `symbols without sequences cost little`() throws {
    func size(_ sequences: Bool) throws -> Int {
      var pipeline = try Self.make(SnapshotCase()) { .standard() }
      var output = PipelineHandlers()
      for step in disturbedSteps(2000, symbols: 2, seed: 1) {
        guard case .ticks(var ticks) = step else { continue }
        // Bars are remembered without one.
        if ticks[0].tick.flags.contains(.bar) { continue }
        if !sequences { ticks[0].tick.venueSequence = 0 }
        try pipeline.take([.ticks(ticks)], into: &output)
      }
      return try pipeline.snapshot().count
    }
    #expect(try size(false) < 40_000)
    #expect(try size(true) > 60_000)
  }

  @Test func `refuses a pipeline that has seen something`() async {
    await #expect(processExitsWith: .failure) {
      var pipeline = try Self.make(SnapshotCase()) { .standard() }
      let bytes = try pipeline.snapshot()
      var output = PipelineHandlers()
      try pipeline.take(disturbedSteps(3, seed: 1)[...], into: &output)
      try pipeline.restore(from: bytes)
    }
  }

  @Test func `refuses a pipeline that is spread over shards`() async {
    await #expect(processExitsWith: .failure) {
      var pipeline = try Self.make(SnapshotCase()) { .standard() }
      let bytes = try pipeline.snapshot()
      try pipeline.spread(overShards: 2)
      try pipeline.restore(from: bytes)
    }
  }
}
