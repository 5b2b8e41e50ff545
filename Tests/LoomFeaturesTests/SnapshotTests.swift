import LoomCore
import LoomFeatures
import Testing

/// Features go on from a snapshot with the bits they would have had.
struct SnapshotTests {
  static func bytes<Members: Feature>(_ set: FeatureSet<Members>) throws -> [UInt8] {
    var (set, writer) = (set, SnapshotWriter())
    try set.transfer(through: &writer)
    return writer.bytes
  }

  static func restore<Members: Feature>(
    _ set: inout FeatureSet<Members>, from bytes: [UInt8]
  ) throws(SnapshotError) {
    var reader = SnapshotReader(bytes)
    try set.transfer(through: &reader)
    try reader.finish()
  }

  static func bits(_ row: FeatureRow) -> [UInt64] {
    (0..<Int(row.count)).map { row.values[$0].bitPattern }
  }

  @Test(arguments: Market.Kind.allCases, [1, 2] as [UInt64])
  func `every default feature and its scores`(kind: Market.Kind, seed: UInt64) throws {
    let bars = Market.bars(kind, seed: seed, count: 420)
    var random = SplitMix(seed: seed)
    var whole = FeatureSet.standard().normalized(window: 30)
    var parts: [FeatureSet<Normalized<StandardFeatures>>] = []
    let cuts = Set((0..<9).map { _ in Int(random.next() % 400) } + [0, 1, 19, 20, 21])
    for (place, bar) in bars.enumerated() {
      if cuts.contains(place) {
        var part = FeatureSet.standard().normalized(window: 30)
        let bytes = try Self.bytes(whole)
        try Self.restore(&part, from: bytes)
        #expect(try Self.bytes(part) == bytes)
        parts.append(part)
      }
      let expected = Self.bits(whole.update(bar))
      for index in parts.indices {
        let row = Self.bits(parts[index].update(bar))
        #expect(row == expected, "bar \(place), part \(index)")
      }
    }
  }

  /// What an embedder's feature says of its state is all that it takes.
  private struct Restless: FallibleFeature, SnapshotState {
    struct Anger: Error {}
    let names = ["restless"]
    var bars = 0

    mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) throws {
      bars += 1
      if bars == 5 { throw Anger() }
      row.append(Double(bars))
    }

    mutating func transfer<Coder: SnapshotCoder>(
      through coder: inout Coder
    ) throws(SnapshotError) {
      try coder.count(&bars)
    }
  }

  @Test(arguments: 0..<8)
  func `one that may throw, before and after it has`(cut: Int) throws {
    let bars = Market.bars(.walk, seed: 3, count: 8)
    var whole = FeatureSet(Chain(Contained(Restless()), LogReturn(horizon: 1)))
    for bar in bars[..<cut] { _ = whole.update(bar) }
    var part = FeatureSet(Chain(Contained(Restless()), LogReturn(horizon: 1)))
    try Self.restore(&part, from: try Self.bytes(whole))
    #expect(part.failure == whole.failure)
    for bar in bars[cut...] {
      let (one, other) = (Self.bits(whole.update(bar)), Self.bits(part.update(bar)))
      #expect(one == other)
    }
    #expect(part.failure == whole.failure && part.failure?.reason == "Anger()")
  }

  /// Says nothing of its state.
  private struct Silent: Feature {
    let names = ["silent"]
    mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) { row.append(1) }
  }

  /// Says nothing either, and may throw.
  private struct Sullen: FallibleFeature {
    let names = ["sullen"]
    mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) { row.append(1) }
  }

  @Test func `a set knows whether all of its members say what their state is`() {
    func isRestorable<Members: Feature>(_ set: FeatureSet<Members>) -> Bool {
      FeatureSet<Members>.isRestorable
    }
    #expect(isRestorable(FeatureSet.standard().normalized()))
    #expect(isRestorable(FeatureSet.standard().appending(Contained(Restless()))))
    #expect(!isRestorable(FeatureSet.standard().appending(Silent())))
    #expect(!isRestorable(FeatureSet.standard().appending(Contained(Sullen())).normalized()))
    #expect(throws: SnapshotError.notRestorable("the feature silent")) {
      try Self.bytes(FeatureSet.standard().appending(Silent()))
    }
  }
}
