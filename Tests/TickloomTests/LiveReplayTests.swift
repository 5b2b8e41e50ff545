import Foundation
import LoomJournal
import LoomSystem
import Synchronization
import Testing
import Tickloom

/// Free-running feeds, pauses, faults and moves of the clock: whatever order came of it, the store gives
/// the same bits once more.
struct LiveReplayTests {
  /// The hash of everything of a kind that came out.
  struct Digest: PipelineConsumer, Sendable {
    var bars = Sum()
    var features = Sum()
    var versions = Sum()
    var rejects = Sum()
    private var inputs: [SequencedTick] = []

    mutating func take(inputs: Span<SequencedTick>) {
      self.inputs.removeAll(keepingCapacity: true)
      for index in inputs.indices { self.inputs.append(inputs[index]) }
    }

    mutating func take(rejections: Span<Rejection>, offset: Int) {
      for index in rejections.indices {
        let input = inputs[offset + rejections[index].index]
        rejects.add(
          input.sequence, UInt64(bitPattern: input.tick.time.nanoseconds),
          UInt64(input.tick.symbol.rawValue), UInt64(rejections[index].reason.rawValue))
      }
    }

    mutating func take(bars: Span<CleanBar>) {
      for index in bars.indices {
        let (clean, bar) = (bars[index], bars[index].bar)
        self.bars.add(
          UInt64(bitPattern: bar.start.nanoseconds), UInt64(bar.symbol.rawValue),
          bar.open.bitPattern, bar.high.bitPattern, bar.low.bitPattern, bar.close.bitPattern,
          bar.volume.bitPattern, bar.vwap.bitPattern, bar.spreadEstimate.bitPattern,
          clean.logReturn.bitPattern, clean.flags.rawValue, bar.firstSequence, bar.lastSequence)
      }
    }

    mutating func take(features: Span<FeatureRow>) {
      for index in features.indices {
        let row = features[index]
        self.features.add(
          UInt64(bitPattern: row.start.nanoseconds), UInt64(row.symbol.rawValue))
        for place in 0..<Int(row.count) { self.features.add(row.values[place].bitPattern) }
      }
    }

    mutating func take(version: borrowing HeldVersion) {
      versions.add(
        version.number, UInt64(bitPattern: version.start.nanoseconds), version.hash.high,
        version.hash.low)
    }
  }

  /// A hash of numbers in their order.
  struct Sum: Sendable, Equatable {
    private var state: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F)
    private(set) var count = 0

    mutating func add(_ values: UInt64...) {
      for value in values {
        state.0 = (state.0 ^ value) &* 0x9FB2_1C65_1E98_DF25
        state.0 ^= state.0 >> 29
        state.1 = state.1 &* 0xD6E8_FEB8_6659_FD93 &+ state.0
      }
      count += 1
    }

    static func == (one: Sum, other: Sum) -> Bool {
      one.state == other.state && one.count == other.count
    }
  }

  private static let count =
    Int(ProcessInfo.processInfo.environment["LOOM_STRESS_TICKS"] ?? "") ?? 120_000
  private static let symbols = 8

  @Test(arguments: [1, 2], [EngineJournalConfiguration.Dispatch.relaxed, .strict])
  func `a free run and its replays have the same hashes`(
    shards: Int, dispatch: EngineJournalConfiguration.Dispatch
  ) throws {
    let folder = try EngineJournalTests.Folder()
    let engine = try EngineJournalTests.engine(
      folder.store, EngineJournalTests.names(Self.symbols), dispatch: dispatch, consumer: Digest())
    try engine.start(shards: shards, waitStrategy: .yield)
    try Self.feed(engine)
    try engine.stop()
    let live = engine.withConsumer { $0 }
    #expect(live.versions.count > 100 && live.rejects.count > 100)
    let settings = engine.configuration.pipeline
    for replayShards in [1, 2] {
      let again = try Self.replay(folder.store, settings, shards: replayShards)
      #expect(again.bars == live.bars, "bars")
      #expect(again.features == live.features, "features")
      #expect(again.versions == live.versions, "versions")
      #expect(again.rejects == live.rejects, "rejects")
    }
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
    #expect(try StoredTicks(path: folder.store).count == Int(engine.total.received))
  }

  /// A thread for every two symbols, each with the ticks of a market of its own clock, some of them
  /// late, repeated or crossed; and one that moves the market clock.
  private static func feed(_ engine: Engine<StandardFeatures, Digest>) throws {
    let group = DispatchGroup()
    let reached = Atomic<Int64>(.min)
    let isOver = Atomic(false)
    for first in stride(from: 0, to: symbols, by: 2) {
      let ids = (first..<first + 2).map { SymbolID(rawValue: UInt32($0)) }
      let end = Mutex<FeedGroup?>(
        try engine.feedGroup(ids, source: "feed\(first)", policy: .wait(.yield)))
      DispatchQueue(label: "feed \(first)").async(group: group) {
        guard var feed = end.withLock({ $0.take() }) else { return }
        var market = SimulatedMarket(symbols: 2, ticks: count / 4, seed: UInt64(first) + 5)
        var random = Generator(state: UInt64(first) + 1)
        var last: Tick?
        while var tick = market.next() {
          tick.symbol = ids[tick.symbol.index]
          let chance = random.next() % 1000
          if chance < 4, let last { _ = feed.push(last.symbol, last) }
          if chance == 5 { tick.time = tick.time - .seconds(20) }
          if chance == 6 { (tick.bid, tick.ask) = (tick.ask, tick.bid * 0.9) }
          _ = feed.push(tick.symbol, tick)
          last = tick
          reached.store(tick.time.nanoseconds, ordering: .relaxed)
          if chance == 7, random.next() % 20 == 0 { usleep(UInt32(random.next() % 3000)) }
        }
      }
    }
    let clock = DispatchQueue(label: "clock")
    clock.async {
      var random = Generator(state: 99)
      while !isOver.load(ordering: .relaxed) {
        usleep(UInt32(random.next() % 20_000))
        let now = reached.load(ordering: .relaxed)
        if now != .min { try? engine.advance(to: Timestamp(nanoseconds: now - 3_000_000_000)) }
      }
    }
    group.wait()
    isOver.store(true, ordering: .relaxed)
    clock.sync {}
  }

  private static func replay(
    _ path: String, _ settings: PipelineConfiguration, shards: Int
  ) throws -> Digest {
    var stored = try StoredTicks(path: path)
    var pipeline = try Pipeline(configuration: settings)
    try pipeline.spread(overShards: shards)
    var output = Digest()
    var events = stored.clockEvents[...]
    var group: [SequencedTick] = []
    while try stored.read(into: &group) {
      var place = 0
      while place < group.count {
        while let event = events.first, event.afterSequence < group[place].sequence {
          events.removeFirst()
          try pipeline.advance(to: event.time, into: &output)
        }
        let border = events.first?.afterSequence ?? .max
        let end = group[place...].firstIndex { $0.sequence > border } ?? group.count
        let part = Array(group[place..<end])
        output.take(inputs: part.span)
        try pipeline.process(part.span, into: &output)
        place = end
      }
    }
    for event in events { try pipeline.advance(to: event.time, into: &output) }
    try pipeline.finish(into: &output)
    return output
  }
}

/// Marsaglia (2003), "Xorshift RNGs".
private struct Generator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
