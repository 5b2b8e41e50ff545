internal import LoomCore
internal import LoomSystem

/// Parsed rows of one file, on their way to the merge.
struct RowChunk {
  /// Longest text kept of a row.
  static let textLimit = 200

  var ticks: [SequencedTick] = []
  var origins: [RowOrigin] = []
  var text: [UInt8] = []
  /// The rows whose local time happened twice.
  var twofold: [Int] = []
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
  mutating func append(_ tick: Tick, row: Int, isTwofold: Bool) {
    if isTwofold { twofold.append(ticks.count) }
    ticks.append(SequencedTick(sequence: 0, tick: tick))
    origins.append(pending[row])
  }

  mutating func closeBlock() { pending.removeAll(keepingCapacity: true) }
}
