import LoomCore
import LoomImport

/// A stretch of a simulated market that comes round for ever, later each time.
///
/// Of ten symbols it is short enough for the second-level cache, where a batch is that the stage
/// before has just written; nothing is allocated to go on.
struct RepeatingMarket {
  private(set) var batches: [[SequencedTick]]
  private let span: Nanoseconds
  private let count: UInt64

  /// About `ticks` ticks, cut into batches of `size`; their times are `pace` times closer than in
  /// the simulated market, where a symbol ticks ten times a second.
  init(symbols: Int = 10, ticks: Int = 4096, batch size: Int = 256, pace: Int64 = 1) {
    let batchCount = max(1, ticks / size)
    count = UInt64(batchCount * size)
    var market = SimulatedMarket(symbols: symbols, ticks: Int(count) + 1, seed: 1)
    var sequence: UInt64 = 0
    var origin: Timestamp?
    func next() -> Tick? {
      guard var tick = market.next() else { return nil }
      let start = origin ?? tick.time
      origin = start
      tick.time = start + Nanoseconds((tick.time - start).count / pace)
      tick.receiveTime = tick.time
      return tick
    }
    batches = (0..<batchCount).map { _ in
      (0..<size).compactMap { _ in
        sequence += 1
        return next().map { SequencedTick(sequence: sequence, tick: $0) }
      }
    }
    // What comes round starts where the tick after the last would stand.
    span = (next()?.time ?? .earliest) - batches[0][0].tick.time
  }

  /// Moves every tick behind the last one.
  mutating func advance() {
    for batch in batches.indices {
      for place in batches[batch].indices {
        batches[batch][place].sequence += count
        let time = batches[batch][place].tick.time + span
        batches[batch][place].tick.time = time
        batches[batch][place].tick.receiveTime = time
        batches[batch][place].tick.venueSequence += count
      }
    }
  }
}
