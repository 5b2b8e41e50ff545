internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization
internal import LoomSystem

/// The way to one shard and back, as the thread sees it that feeds and empties them all.
final class ShardLane {
  private var input: RecordProducer<PricedTick>
  private var output: RecordConsumer<ShardRecord>
  private let isOver = StopFlag()
  private let worker: Worker<Void, Never>

  /// What is to go to the shard.
  private var staged: [PricedTick] = []
  /// How many of the staged records have gone.
  private var sent = 0
  /// What has come from it, from `next` on.
  private var received: [ShardRecord] = []
  private var next = 0
  /// How many ends of batches are in what has come.
  private(set) var completeBatches = 0
  private var room: [ShardRecord]

  /// After so many records that were taken the others move to the front.
  private static let takenMaximum = 4096

  /// Starts the shard's thread, to which so many ticks may be on their way at one time.
  init<Members: Feature>(
    index: Int, of count: Int, bars: borrowing BarStage,
    features: borrowing FeatureStage<Members>, waitStrategy: WaitStrategy, ringCapacity: Int
  ) throws {
    let input = try RecordRing<PricedTick>(capacity: ringCapacity)
    // Of bars there are fewer, and their records are larger.
    let output = try RecordRing<ShardRecord>(capacity: max(2, ringCapacity / 8))
    var loop = ShardLoop(
      index: index, of: count, bars: bars.part(index, of: count),
      features: features.part(index, of: count), input: input.consumer, output: output.producer,
      isOver: isOver, waitStrategy: waitStrategy)
    worker = try Worker(name: "tickloom-shard\(index)") { loop.run() }
    self.input = input.producer
    self.output = output.consumer
    room = Array(repeating: ShardRecord(end: .distantPast), count: 64)
  }

  // The thread is joined when the worker goes away, right after.
  deinit { isOver.set() }

  /// Has a record go to the shard with the next ``send()``.
  func stage(_ tick: PricedTick) { staged.append(tick) }

  /// Sends what is staged as far as there is room; returns whether that is all.
  func send() -> Bool {
    if sent < staged.count { sent += input.push(staged.span.extracting(sent...)) }
    if sent < staged.count { return false }
    staged.removeAll(keepingCapacity: true)
    sent = 0
    return true
  }

  /// Takes what has come from the shard; returns whether there was anything.
  func receive() -> Bool {
    var total = 0
    while true {
      var room = room.mutableSpan
      let count = output.pop(into: &room)
      if count == 0 { return total > 0 }
      total += count
      for place in 0..<count {
        if room[place].kind == .batchEnd { completeBatches += 1 }
        received.append(room[place])
      }
    }
  }

  /// The oldest record that has come and was not taken; only where a batch is complete.
  var first: ShardRecord { received[next] }

  /// Takes the oldest record that has come.
  func removeFirst() {
    if received[next].kind == .batchEnd { completeBatches -= 1 }
    next += 1
    if next == received.count {
      received.removeAll(keepingCapacity: true)
      next = 0
    } else if next == Self.takenMaximum {
      // Under lasting load there is always more to come.
      received.removeSubrange(..<next)
      next = 0
    }
  }
}
