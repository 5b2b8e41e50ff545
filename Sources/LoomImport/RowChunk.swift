internal import LoomCore
internal import LoomSystem

/// Parsed rows of one file, on their way to the merge.
struct RowChunk {
  /// Longest text kept of a row.
  static let textLimit = 200

  var ticks: [SequencedTick] = []
  var origins: [RowOrigin] = []
  var text: [UInt8] = []
  /// The rows whose local time happened twice, and when it did so for the second time.
  var twofold: [(row: Int, second: Int64)] = []
  private var pending: [RowOrigin] = []

  mutating func clear() {
    ticks.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    twofold.removeAll(keepingCapacity: true)
  }

  /// Takes the texts of a block, whose rows are appended next.
  mutating func appendText(of block: RowBlock) {
    var places = pending
    pending = []
    places.removeAll(keepingCapacity: true)
    block.appendText(limit: Self.textLimit, to: &text) { _, line, offset, length in
      places.append(RowOrigin(line: line, offset: offset, length: length))
    }
    pending = places
  }

  @inline(__always)
  mutating func append(_ tick: Tick, row: Int, second: Int64?) {
    if let second { twofold.append((ticks.count, second)) }
    ticks.append(SequencedTick(sequence: 0, tick: tick))
    origins.append(pending[row])
  }

  /// Appends a row whose text stands in the chunk already.
  mutating func append(_ tick: Tick, origin: RowOrigin) {
    ticks.append(SequencedTick(sequence: 0, tick: tick))
    origins.append(origin)
  }

  /// Appends a row without text.
  mutating func append(_ tick: Tick, line: Int) {
    append(tick, origin: RowOrigin(line: line, offset: 0, length: 0))
  }

  /// Turns the order of the rows from `first` on around.
  mutating func reverse(from first: Int) {
    ticks[first...].reverse()
    origins[first...].reverse()
    for index in twofold.indices {
      twofold[index].row = first + ticks.count - 1 - twofold[index].row
    }
    twofold.reverse()
  }

  /// Makes a row malformed whose time has no meaning.
  mutating func refuse(_ row: Int) {
    ticks[row].tick.time = .distantPast
    ticks[row].tick.receiveTime = .distantPast
    let kind = ticks[row].tick.flags.rawValue & 0xFF
    ticks[row].tick.flags = TickFlags(rawValue: kind).union(TickFlags(refusal: .malformed))
  }

  mutating func closeBlock() { pending.removeAll(keepingCapacity: true) }
}
