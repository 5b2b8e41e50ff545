import Testing

@testable import Tickloom

/// Bytes that are no snapshot, or no longer one, are refused and do no harm.
struct SnapshotDamageTests {
  static let cases = [
    SnapshotCase(corrections: .on(horizon: .seconds(12)), tableDepth: 3, seed: 4),
    SnapshotCase(estimator: .exponential(decay: 0.9), lateness: .seconds(1), seed: 5),
    SnapshotCase(estimator: .rolling(window: 4), seed: 6),
  ]

  static let steps = disturbedSteps(260, symbols: 3, seed: 8)

  /// A small feature set, so that there is more of the other stages to hit.
  @Sendable
  static func features() -> FeatureSet<Chain<LogReturn, Chain<Volatility, MACD>>> {
    FeatureSet(
      Chain(
        LogReturn(horizon: 2),
        Chain(Volatility(window: 4), MACD(fast: 2, slow: 3, signal: 2))))
  }

  static func snapshot(_ one: SnapshotCase) throws -> [UInt8] {
    var pipeline = try SnapshotTests.make(one, features)
    var output = FullTranscript()
    try pipeline.take(steps[..<200], into: &output)
    return try pipeline.snapshot()
  }

  /// As if whoever damaged them knew what the hash is of.
  static func signed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    let bytes = Array(bytes)
    let hash = Hash128(of: bytes.span).bytes
    return bytes + hash.indices.map { hash[$0] }
  }

  /// Restores, and where that goes well goes on.
  static func attempt(_ one: SnapshotCase, _ bytes: [UInt8]) throws {
    var pipeline = try SnapshotTests.make(one, features)
    do {
      try pipeline.restore(from: bytes)
    } catch {
      return
    }
    // Of nonsense may come nonsense: nobody looks at it.
    var output = PipelineHandlers()
    try pipeline.take(steps[200...], into: &output)
    try pipeline.finish(into: &output)
    _ = try pipeline.snapshot()
  }

  @Test(arguments: cases)
  func `any bit that flips is found`(one: SnapshotCase) throws {
    let bytes = try Self.snapshot(one)
    var random = PipelinePropertyTests.Seeded(state: 1)
    for _ in 0..<200 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      var pipeline = try SnapshotTests.make(one, Self.features)
      var isRefused = false
      do { try pipeline.restore(from: damaged) } catch { isRefused = true }
      #expect(isRefused)
    }
  }

  @Test(arguments: cases)
  func `a part of one is refused, however it is signed`(one: SnapshotCase) throws {
    let bytes = try Self.snapshot(one).dropLast(16)
    let step = max(1, bytes.count / 1500)
    for count in stride(from: 0, to: bytes.count, by: step) {
      for part in [Array(bytes.prefix(count)), Self.signed(bytes.prefix(count))] {
        var pipeline = try SnapshotTests.make(one, Self.features)
        var isRefused = false
        do { try pipeline.restore(from: part) } catch { isRefused = true }
        #expect(isRefused, "the first \(count) of \(bytes.count)")
      }
    }
  }

  @Test(arguments: cases, [1, 2] as [UInt64])
  func `signed bits that flip do no harm`(one: SnapshotCase, seed: UInt64) throws {
    let bytes = Array(try Self.snapshot(one).dropLast(16))
    var random = PipelinePropertyTests.Seeded(state: seed)
    for _ in 0..<700 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      try Self.attempt(one, Self.signed(damaged))
    }
  }

  @Test func `other settings, features and formats are told`() throws {
    let one = SnapshotCase(seed: 1)
    let bytes = try Self.snapshot(one)
    var other = try SnapshotTests.make(SnapshotCase(lateness: .seconds(1))) { Self.features() }
    let settings = #"lateness=0s.*lateness=1s"#
    var said = ""
    do { try other.restore(from: bytes) } catch { said = "\(error)" }
    #expect(try Regex(settings).firstMatch(in: said) != nil, "\(said)")
    var standard = try SnapshotTests.make(one) { .standard() }
    do { try standard.restore(from: bytes) } catch { said = "\(error)" }
    #expect(said.contains("the features log_return_2") && said.contains("rsi_14"), "\(said)")
    var damaged = Array(bytes.dropLast(16))
    damaged[8] = 9
    var same = try SnapshotTests.make(one) { Self.features() }
    do { try same.restore(from: Self.signed(damaged)) } catch { said = "\(error)" }
    #expect(said.contains("format 9"), "\(said)")
  }
}
