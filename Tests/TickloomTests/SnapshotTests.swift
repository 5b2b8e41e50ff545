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
    var snapshots: [(cut: Int, lines: Int, bytes: [UInt8], looks: String)] = []
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
    let steps = disturbedSteps(2500, seed: one.seed)
    var random = PipelinePropertyTests.Seeded(state: one.seed)
    let cuts = (0..<6).map { _ in Int.random(in: 0..<steps.count, using: &random) }
    try Self.check(one, at: cuts, of: steps)
  }

  @Test(arguments: cases)
  func `any place of a short input will do`(one: SnapshotCase) throws {
    let steps = disturbedSteps(140, symbols: 3, seed: one.seed)
    try Self.check(one, at: Array(0...steps.count - 1), of: steps)
  }
}
