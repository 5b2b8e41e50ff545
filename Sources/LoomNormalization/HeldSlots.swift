internal import LoomCore

/// The slots of one symbol that the market clock has not reached, oldest first.
///
/// In a circle that grows with use. Two or three as a rule; many only where the market clock stands
/// still because all others are silent.
struct HeldSlots {
  /// End of the latest slot there was.
  private var newestEnd = Timestamp.distantPast
  private var starts: [Timestamp] = []
  private var head = 0
  private(set) var count = 0

  /// Start of the oldest; only where there is one.
  var oldest: Timestamp { starts[head] }

  /// Whether `time` lies in a later slot than all that were noted.
  @inline(__always)
  func isBehind(_ time: Timestamp) -> Bool { time >= newestEnd }

  /// Takes note that a tick fell into the slot from `start` to `end`.
  mutating func insert(_ start: Timestamp, end: Timestamp) {
    // What is behind the newest comes from late ticks, of which there are few.
    var place = count
    while place > 0, self[place - 1] > start { place -= 1 }
    newestEnd = max(newestEnd, end)
    if place > 0, self[place - 1] == start { return }
    if count == starts.count { grow() }
    var index = count
    while index > place {
      self[index] = self[index - 1]
      index -= 1
    }
    self[place] = start
    count += 1
  }

  /// Forgets the slots that begin at or before `start`.
  mutating func removeAll(through start: Timestamp) {
    while count > 0, oldest <= start {
      head = (head + 1) & (starts.count - 1)
      count -= 1
    }
  }

  private subscript(place: Int) -> Timestamp {
    get { starts[(head + place) & (starts.count - 1)] }
    set { starts[(head + place) & (starts.count - 1)] = newValue }
  }

  private mutating func grow() {
    let old = starts
    starts = [Timestamp](repeating: .distantPast, count: max(4, 2 * old.count))
    for place in 0..<count { starts[place] = old[(head + place) & (old.count - 1)] }
    head = 0
  }
}
