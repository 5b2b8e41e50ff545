import Testing

@testable import Tickloom

/// What stands beside the pipeline in a run.
struct SnapshotRunTests {
  private static func bar(_ second: Int64, _ symbol: Int, isValid: Bool = true) -> CleanBar {
    CleanBar(
      bar: Bar(
        start: LateMarket.start + .seconds(second), symbol: SymbolID(rawValue: UInt32(symbol)),
        open: 1, high: 1, low: 1, close: Double(second), gapSlots: second % 5),
      flags: isValid ? .valid : .outlier)
  }

  private static func bytes(_ state: some SnapshotState) throws -> [UInt8] {
    var (state, writer) = (state, SnapshotWriter())
    try state.transfer(through: &writer)
    return writer.bytes
  }

  private static func restore(
    _ state: inout some SnapshotState, from bytes: [UInt8]
  ) throws(SnapshotError) {
    var reader = SnapshotReader(bytes)
    try state.transfer(through: &reader)
    try reader.finish()
  }

  private static func statistics(files: Int) -> RunStatistics {
    RunStatistics(sourceCount: files, missingRows: 3)
  }

  @Test func `counts go on, and new files begin at 0`() throws {
    var counts = Self.statistics(files: 2)
    let bars = (0..<40).map { Self.bar($0, Int($0) % 3, isValid: $0 % 7 > 0) }
    counts.count(bars.span)
    counts.addFeatures(7, of: SymbolID(rawValue: 2))
    for sequence in 1...20 {
      var tick = Tick(time: LateMarket.start, symbol: SymbolID(rawValue: 0))
      tick.source = SourceID(rawValue: UInt16(sequence % 2))
      let input = SequencedTick(sequence: UInt64(sequence), tick: tick)
      counts.countRows([input].span)
      counts.countRejected(tick, .late)
      counts.remember(late: input)
    }
    for sequence in 1...6 as ClosedRange<UInt64> {
      counts.addCorrection(of: SymbolID(rawValue: 1), sequence: sequence)
    }
    let bytes = try Self.bytes(counts)
    var again = Self.statistics(files: 3)
    try Self.restore(&again, from: bytes)
    // The late rows that are remembered decide what a file is blamed for.
    for sequence in 7...20 as ClosedRange<UInt64> {
      counts.addCorrection(of: SymbolID(rawValue: 1), sequence: sequence)
      again.addCorrection(of: SymbolID(rawValue: 1), sequence: sequence)
    }
    let files = ["a", "b", "c"].map { Source(name: $0, path: $0) }
    let (one, other) = (
      counts.mostlyRejected(files, lateAdvice: ""), again.mostlyRejected(files, lateAdvice: "")
    )
    #expect(one == other)
    #expect(again.sources == counts.sources + [TickCounters()])
    #expect("\(again.symbols)" == "\(counts.symbols)")
    // A stream that goes on may be the only file, and those of the store come first.
    var fewer = Self.statistics(files: 1)
    try Self.restore(&fewer, from: bytes)
    #expect(fewer.sources == counts.sources)
  }

  @Test func `what late ticks can still change waits on`() throws {
    let bars = (0..<60).map { Self.bar($0 / 3, Int($0) % 3) }
    let rows = bars.map { FeatureRow(start: $0.bar.start, symbol: $0.bar.symbol, count: 0) }
    var results = try #require(CorrectableResults(.on(horizon: .seconds(4))))
    results.add(bars.span)
    results.add(rows.span)
    _ = results.release(at: LateMarket.start + .seconds(9))
    var again = try #require(CorrectableResults(.on(horizon: .seconds(4))))
    try Self.restore(&again, from: try Self.bytes(results))
    for clock in [11, 12, 40] as [Int64] {
      let (one, other) = (
        results.release(at: LateMarket.start + .seconds(clock)),
        again.release(at: LateMarket.start + .seconds(clock))
      )
      #expect(one.bars.map { bits(of: $0) } == other.bars.map { bits(of: $0) })
      #expect(one.rows.map { bits(of: $0) } == other.rows.map { bits(of: $0) })
      #expect(!one.bars.isEmpty)
    }
  }

  @Test func `the latest bars stay the latest`() throws {
    var latest = LatestBars()
    let bars = [Self.bar(1, 0), Self.bar(5, 2)]
    latest.add(bars.span)
    var again = LatestBars()
    try Self.restore(&again, from: try Self.bytes(latest))
    for symbol in 0..<4 {
      let name = SymbolID(rawValue: UInt32(symbol))
      let (one, other) = (latest.bar(of: name), again.bar(of: name))
      #expect(one.map { bits(of: $0) } == other.map { bits(of: $0) })
    }
  }

  @Test func `parts and flipped bits do no harm`() throws {
    var results = try #require(CorrectableResults(.on(horizon: .seconds(4))))
    let bars = (0..<6).map { Self.bar($0, Int($0) % 2) }
    results.add(bars.span)
    var latest = LatestBars()
    latest.add(bars.span)
    var counts = Self.statistics(files: 2)
    counts.count(bars.span)
    let all = [try Self.bytes(results), try Self.bytes(latest), try Self.bytes(counts)]
    var random = PipelinePropertyTests.Seeded(state: 5)
    for (kind, bytes) in all.enumerated() {
      for count in bytes.indices {
        #expect(throws: SnapshotError.self) { try Self.restoreAny(kind, bytes.prefix(count)) }
      }
      for _ in 0..<500 {
        var damaged = bytes
        damaged[Int.random(in: bytes.indices, using: &random)] ^=
          1 << UInt8.random(in: 0..<8, using: &random)
        try? Self.restoreAny(kind, damaged[...])
      }
    }
  }

  private static func restoreAny(_ kind: Int, _ bytes: ArraySlice<UInt8>) throws {
    switch kind {
    case 0:
      var results = try #require(CorrectableResults(.on(horizon: .seconds(4))))
      try restore(&results, from: Array(bytes))
      _ = results.release(at: .distantFuture)
    case 1:
      var latest = LatestBars()
      try restore(&latest, from: Array(bytes))
    default:
      var counts = statistics(files: 2)
      try restore(&counts, from: Array(bytes))
    }
  }
}
