import Testing

@testable import Tickloom

/// Snapshots know nothing of threads.
struct SnapshotShardTests {
  /// What a pipeline of so many shards puts out from a place on, and its state there.
  struct Part {
    var lines: [String: [String]]
    var snapshot: [UInt8]
  }

  static func run(
    _ one: SnapshotCase, _ steps: [SnapshotStep], cut: Int, shards: Int, from start: [UInt8]? = nil
  ) throws -> Part {
    var pipeline = try SnapshotTests.make(one) { .standard() }
    var before = FullTranscript()
    if let start { try pipeline.restore(from: start) }
    try pipeline.spread(overShards: shards, waitStrategy: .park)
    if start == nil { try pipeline.take(steps[..<cut], into: &before) }
    try pipeline.settle(into: &before)
    let snapshot = try pipeline.snapshot()
    var after = FullTranscript()
    try pipeline.take(steps[cut...], into: &after)
    try pipeline.finish(into: &after)
    return Part(lines: after.byKind, snapshot: snapshot)
  }

  @Test(arguments: SnapshotTests.cases.filter { !$0.isNormalized }, [0, 500])
  func `one taken of some shards is that of others`(one: SnapshotCase, cut: Int) throws {
    let steps = disturbedSteps(700, seed: one.seed)
    let alone = try Self.run(one, steps, cut: cut, shards: 1)
    for (taken, restored) in [(1, 2), (2, 1), (2, 3), (3, 2)] {
      let spread = try Self.run(one, steps, cut: cut, shards: taken)
      #expect(spread.snapshot == alone.snapshot, "\(taken) shards")
      #expect(spread.lines == alone.lines, "\(taken) shards, which went on")
      let again = try Self.run(one, steps, cut: cut, shards: restored, from: spread.snapshot)
      #expect(again.snapshot == alone.snapshot, "\(taken) shards, then \(restored)")
      #expect(again.lines == alone.lines, "\(taken) shards, then \(restored)")
    }
  }

  @Test func `a shard has fewer symbols than its neighbour`() throws {
    let one = SnapshotCase(seed: 9)
    let steps = disturbedSteps(300, symbols: 2, seed: 9)
    let alone = try Self.run(one, steps, cut: 250, shards: 1)
    let spread = try Self.run(one, steps, cut: 250, shards: 5)
    #expect(spread.snapshot == alone.snapshot)
    #expect(spread.lines == alone.lines)
  }

  @Test func `is refused while something is under way`() async {
    await #expect(processExitsWith: .failure) {
      var pipeline = try SnapshotTests.make(SnapshotCase()) { .standard() }
      var output = FullTranscript()
      try pipeline.spread(overShards: 2, waitStrategy: .park)
      for step in disturbedSteps(4000, seed: 1) { try pipeline.take([step], into: &output) }
      _ = try pipeline.snapshot()
    }
  }
}
