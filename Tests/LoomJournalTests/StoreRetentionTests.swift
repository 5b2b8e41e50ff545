import Foundation
import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// What is not kept goes, in parts, and nothing else does.
struct StoreRetentionTests {
  private static let day: Int64 = 86_400_000_000_000

  private static func configuration(_ retention: StoreRetention) -> StoreConfiguration {
    let sample = StoreTests.configuration
    return StoreConfiguration(
      text: sample.text, timeframe: sample.timeframe, featureNames: sample.featureNames,
      retention: retention)
  }

  /// Appends a day: its inputs and what came of them, then a snapshot.
  private static func append(
    _ day: Int, inputs: Int, rows: Int, state: Int = 100, to store: inout Store
  ) throws {
    if day == 0 {
      for symbol in 0..<7 {
        try store.register(SymbolID(rawValue: UInt32(symbol)), name: "SYMBOL\(symbol)")
      }
    }
    let first = store.lastSequence + 1
    let ticks = StoredTicksTests.ticks(inputs, from: first)
    try store.append(ticks: ticks.span)
    let rejects = (0..<UInt64(inputs / 2)).map { Reject(sequence: first + 2 * $0, reason: .late) }
    try store.append(rejects: rejects.span)
    let bars = (0..<rows).map { StoreTests.bar(day * rows + $0, symbol: UInt32($0 % 7)) }
    try store.append(bars: bars.span)
    let features = (0..<rows).map { StoreTests.features(Double(day * rows + $0), .nan) }
    try store.append(features: features.span)
    for number in (day * rows + 1)...((day + 1) * rows) {
      try store.append(
        version: UInt64(number), time: Timestamp(nanoseconds: Int64(number)),
        hash: Hash128(high: UInt64(number), low: 7))
    }
    for number in 0..<rows {
      try store.append(
        clock: ClockEvent(
          afterSequence: first + UInt64(inputs) - 1, time: Timestamp(nanoseconds: Int64(number))))
    }
    try store.append(
      StoreSnapshot(
        sequence: store.lastSequence, state: [UInt8](repeating: UInt8(day % 256), count: state),
        time: Timestamp(nanoseconds: Int64(day + 1) * Self.day)))
    try store.commitBatch()
  }

  private static func write(
    _ days: Int, inputs: Int = 20_000, rows: Int = 3000, keeping text: String, to path: String
  ) throws {
    let retention = try #require(StoreRetention(text))
    var store = try Store(path: path, configuration: configuration(retention))
    for day in 0..<days { try append(day, inputs: inputs, rows: rows, to: &store) }
    // What is due goes with batches that add nothing, too.
    for _ in 0..<30 { try store.commitBatch() }
    try store.close()
  }

  @Test func `each kind goes behind the newest snapshot of its age`() throws {
    let folder = try StoreFolder()
    try Self.write(20, keeping: "ticks=3d,bars=9d,features=5d,versions=3d", to: folder.store)
    let report = try StoreVerifier.verify(path: folder.store)
    #expect(report.findings.isEmpty, "\(report.findings)")
    let outline = try StoreOutline(path: folder.store)
    let retained = outline.retained
    // Of digests that are whole, up to the end of day 17, 11 and 15.
    #expect(retained.inputs <= 17 * 20_000 && retained.inputs % 20_000 == 0)
    #expect(outline.sequences == retained.inputs + 1...400_000)
    let older = try folder.rows("SELECT count(*) < 64 FROM blocks WHERE last_seq <= 340000")
    #expect(older == ["1"])
    #expect(retained.bars <= 11 * 3000 && retained.bars > 11 * 3000 - 4200)
    #expect(retained.features <= 15 * 3000 && retained.features > 15 * 3000 - 4200)
    #expect(retained.versions <= 17 * 3000 && retained.versions > 17 * 3000 - 4200)
    #expect(
      try folder.rows("SELECT count(*) FROM bars") == ["\(20 * 3000 - retained.bars)"])
    let rows = try folder.rows("SELECT min(rowid) FROM bars")
    #expect(rows == ["\(retained.bars + 1)"])
    let kept = try StoredTicksTests.read(folder.store).map(\.sequence)
    #expect(kept == Array(retained.inputs + 1...400_000))
  }

  @Test func `a long run stays as large as a short one`() throws {
    let (short, long) = (try StoreFolder(), try StoreFolder())
    try Self.write(12, inputs: 30_000, rows: 1000, keeping: "2d", to: short.store)
    try Self.write(60, inputs: 30_000, rows: 1000, keeping: "2d", to: long.store)
    #expect(StoreFile.size(long.store) < StoreFile.size(short.store) * 3 / 2)
    #expect(try StoreVerifier.verify(path: long.store).findings.isEmpty)
  }
}
