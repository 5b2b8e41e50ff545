internal import LoomCore
internal import LoomNormalization

/// What waits on the way to one shard and back, as the thread sees it that feeds and empties them
/// all.
struct ShardLane {
  /// What is to go to the shard.
  private var staged: [PricedTick] = []
  /// How many of the staged records have gone.
  private var sent = 0
  /// What has come from it, from `next` on.
  private var received: [ShardRecord] = []
  private var next = 0
  /// How many ends of batches are in what has come.
  private(set) var completeBatches = 0
  private var room = [ShardRecord](repeating: ShardRecord(end: .distantPast), count: 64)

  /// After so many records that were taken the others move to the front.
  private static let takenMaximum = 4096

  /// Has a record go to the shard with the next ``send(to:)``.
  mutating func stage(_ tick: PricedTick) { staged.append(tick) }

  /// Sends what is staged as far as there is room; returns whether that is all.
  mutating func send(to input: inout RecordProducer<PricedTick>) -> Bool {
    if sent < staged.count { sent += input.push(staged.span.extracting(sent...)) }
    if sent < staged.count { return false }
    staged.removeAll(keepingCapacity: true)
    sent = 0
    return true
  }

  /// Takes what has come from the shard; returns whether there was anything.
  mutating func receive(from output: inout RecordConsumer<ShardRecord>) -> Bool {
    var total = 0
    while true {
      let count = Self.pop(from: &output, into: &room)
      if count == 0 { return total > 0 }
      total += count
      for place in 0..<count {
        if room[place].kind == .batchEnd { completeBatches += 1 }
        received.append(room[place])
      }
    }
  }

  // Static: a span of what the lane holds borrows the whole lane.
  private static func pop(
    from output: inout RecordConsumer<ShardRecord>, into room: inout [ShardRecord]
  ) -> Int {
    var span = room.mutableSpan
    return output.pop(into: &span)
  }

  /// The oldest record that has come and was not taken; only where a batch is complete.
  var first: ShardRecord {
    _read { yield received[next] }
  }

  /// Takes the oldest record that has come.
  mutating func removeFirst() {
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
