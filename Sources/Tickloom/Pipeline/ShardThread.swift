internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization
internal import LoomSystem

/// The thread of one shard, and the ends of its rings that are not its own.
struct ShardThread: ~Copyable {
  private var input: RecordProducer<PricedTick>
  private var output: RecordConsumer<ShardRecord>
  private let isOver = StopFlag()
  private let post = ShardPost()
  private let worker: Worker<Void, Never>

  /// Starts the thread, to which so many ticks may be on their way at one time.
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
      isOver: isOver, post: post, waitStrategy: waitStrategy)
    worker = try Worker(name: "tickloom-shard\(index)") { loop.run() }
    self.input = input.producer
    self.output = output.consumer
  }

  /// Sends what is staged as far as there is room; returns whether that is all.
  mutating func send(_ lane: inout ShardLane) -> Bool { lane.send(to: &input) }

  /// Takes what has come; returns whether there was anything.
  mutating func receive(_ lane: inout ShardLane) -> Bool { lane.receive(from: &output) }

  /// The states of its symbols that it was asked for, once the batch has come with which it was.
  func states() throws(SnapshotError) -> [[UInt8]] { try post.take() }

  // The thread is joined when the worker goes away, right after.
  deinit { isOver.set() }
}
