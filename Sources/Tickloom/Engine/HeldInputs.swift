internal import LoomCore

/// Numbered ticks that wait, in order, and the moves of the market clock between them.
struct HeldInputs {
  /// A circle.
  private var ticks: [SequencedTick]
  private var first = 0
  private var count = 0
  private var events: [(moment: Timestamp, after: UInt64, note: Int)] = []
  /// Where the clock was moved to last.
  private(set) var lastMoment = Timestamp.distantPast

  init(capacity: Int) {
    let empty = SequencedTick(sequence: 0, tick: Tick(time: .distantPast, symbol: .unknown))
    ticks = Array(repeating: empty, count: capacity)
  }

  var room: Int { ticks.count - count }

  var isEmpty: Bool { count == 0 && events.isEmpty }

  /// The sequence of the tick that waits longest; nil where none does.
  var firstSequence: UInt64? { count > 0 ? ticks[first].sequence : nil }

  mutating func append(_ new: Span<SequencedTick>) {
    precondition(new.count <= room, "\(new.count) ticks, and room for \(room)")
    for index in new.indices { ticks[(first + count + index) % ticks.count] = new[index] }
    count += new.count
  }

  mutating func append(clock moment: Timestamp, after sequence: UInt64, note: Int) {
    events.append((moment, sequence, note))
    lastMoment = moment
  }

  /// Empties it; how many ticks of each symbol there were.
  mutating func giveUp() -> [(symbol: SymbolID, count: Int)] {
    var counts: [SymbolID: Int] = [:]
    for place in 0..<count {
      counts[ticks[(first + place) % ticks.count].tick.symbol, default: 0] += 1
    }
    count = 0
    events = []
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Hands over the ticks up to `last`, as many at one time as stand beside each other, and the events
  /// behind them whose note is kept; returns how many events.
  mutating func release(
    through last: UInt64, isKept: (_ note: Int) -> Bool,
    _ take: (Span<SequencedTick>) throws -> Void,
    _ move: (Timestamp) throws -> Void
  ) rethrows -> Int {
    var passed = 0
    while true {
      while let event = events.first, event.after < firstSequence ?? .max,
        event.after <= last, isKept(event.note)
      {
        events.removeFirst()
        passed += 1
        try move(event.moment)
      }
      let ready = readyCount(through: min(last, events.first?.after ?? .max))
      if ready == 0 { return passed }
      let start = first
      first = (first + ready) % ticks.count
      count -= ready
      try Self.take(ticks, start, ready, take)
    }
  }

  /// How many of the oldest ticks stand beside each other and are not behind `last`.
  private func readyCount(through last: UInt64) -> Int {
    let run = min(count, ticks.count - first)
    var ready = 0
    while ready < run, ticks[first + ready].sequence <= last { ready += 1 }
    return ready
  }

  private static func take(
    _ ticks: borrowing [SequencedTick], _ start: Int, _ count: Int,
    _ body: (Span<SequencedTick>) throws -> Void
  ) rethrows {
    try body(ticks.span.extracting(start..<start + count))
  }
}
