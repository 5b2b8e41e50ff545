import CYardsticks
import LoomCore
import LoomFeatures
import LoomNormalization
import LoomSystem
import Synchronization
import Tickloom

/// What symbols go through alone, in one shard or in two, each with a thread that polls.
///
/// Rings are filled before a round and emptied after it, which is not timed. The first shard is on
/// the calling thread and the first processor, the second on a thread of its own and the second.
final class ShardRounds {
  /// Bars that have come out.
  private(set) var barCount = 0

  private let shards: [Shard]
  private let turns = Turns()
  private let second: Movable<Worker<Void, Never>>?
  private var loop: ShardLoop<StandardFeatures>
  private var room = ShardLoop<StandardFeatures>.room
  /// Every shard is told of the market clock once it is here.
  private var nextMark = Timestamp.distantPast

  /// Rounds begun by the one thread, and ended by the other.
  private final class Turns: Sendable {
    let begun = Atomic(0)
    let ended = Atomic(0)
  }

  /// The far ends of a shard's rings, which have room for a round.
  private final class Shard {
    var input: RecordProducer<PricedTick>
    var output: RecordConsumer<ShardRecord>
    var staged: [PricedTick] = []
    /// Ends of batches that went in.
    var endCount = 0

    init(input: consuming RecordProducer<PricedTick>, output: consuming RecordConsumer<ShardRecord>)
    {
      self.input = input
      self.output = output
    }
  }

  private typealias Made = (shard: Shard, loop: Movable<ShardLoop<StandardFeatures>>)

  /// Creates 1 or 2 shards, and rings with room for 60,000 ticks each.
  init(shards count: Int) throws {
    let made = try (0..<count).map { try Self.make($0, of: count) }
    shards = made.map(\.shard)
    loop = made[0].loop.take()
    second = count == 1 ? nil : try Self.start(made[1].loop, turns)
    yardstick_pin(0)
  }

  private static func make(_ index: Int, of count: Int) throws -> Made {
    let input = try RecordRing<PricedTick>(capacity: 1 << 16)
    let output = try RecordRing<ShardRecord>(capacity: 1 << 13)
    let loop = ShardLoop(
      index: index, of: count, configuration: try NormalizationConfiguration(),
      features: { FeatureSet.standard() }, input: input.consumer, output: output.producer)
    return (Shard(input: input.producer, output: output.consumer), Movable(loop))
  }

  private static func start(
    _ loop: Movable<ShardLoop<StandardFeatures>>, _ turns: Turns
  ) throws -> Movable<Worker<Void, Never>> {
    Movable(try Worker(name: "shard") { work(loop.take(), turns) })
  }

  /// What the thread of the second shard does: a round whenever one begins, until they are over.
  private static func work(_ loop: consuming ShardLoop<StandardFeatures>, _ turns: Turns) {
    yardstick_pin(1)
    var (room, round) = (ShardLoop<StandardFeatures>.room, 0)
    while true {
      var waiter = Waiter(.yield)
      // Acquiring and releasing: what was filled in is seen, and what has come out.
      while turns.begun.load(ordering: .acquiring) == round { waiter.wait() }
      if turns.begun.load(ordering: .acquiring) == .max { return }
      while loop.turn(&room) {}
      round += 1
      turns.ended.store(round, ordering: .releasing)
    }
  }

  /// Stages the accepted ticks of a batch for their shards, with the marks a pipeline sends along.
  func stage(_ ticks: Span<PricedTick>) {
    for place in ticks.indices {
      var tick = ticks[place]
      let (symbol, clock) = (tick.symbol.index, tick.marketClock)
      tick.symbol = SymbolID(rawValue: UInt32(symbol / shards.count))
      tick.marketClock = .distantPast
      shards[symbol % shards.count].staged.append(tick)
      if clock >= nextMark, clock > .distantPast {
        nextMark = Timeframe.second.slotStart(of: clock) + Timeframe.second.span
        for shard in shards { shard.staged.append(.clockMark(clock, cause: tick.sequence)) }
      }
    }
    guard let last = ticks.indices.last else { return }
    for shard in shards {
      shard.staged.append(.batchEnd(ticks[last].marketClock))
      shard.endCount += 1
    }
  }

  /// Takes what is staged through, timed.
  func run(_ watch: inout Stopwatch) throws {
    for shard in shards {
      let staged = shard.staged
      if shard.input.push(staged.span) < staged.count { throw WorkloadError("the ring is full") }
      shard.staged.removeAll(keepingCapacity: true)
    }
    // Relaxed: this thread alone writes it.
    let round = turns.begun.load(ordering: .relaxed) + 1
    watch.time {
      turns.begun.store(round, ordering: .releasing)
      while loop.turn(&room) {}
      var waiter = Waiter(.yield)
      while second != nil, turns.ended.load(ordering: .acquiring) < round { waiter.wait() }
    }
    for shard in shards { barCount += receive(shard) }
  }

  /// Empties the shard's ring; returns how many bars there were.
  private func receive(_ shard: Shard) -> Int {
    var records = [ShardRecord](repeating: ShardRecord(end: .distantPast), count: 64)
    var count = -shard.endCount
    shard.endCount = 0
    while true {
      var room = records.mutableSpan
      let popped = shard.output.pop(into: &room)
      if popped == 0 { return count }
      count += popped
    }
  }

  /// Ends the thread.
  func end() {
    turns.begun.store(.max, ordering: .releasing)
    second?.take().join()
    yardstick_unpin()
  }
}
