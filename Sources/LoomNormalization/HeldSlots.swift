internal import LoomCore

/// The slots of one symbol that the market clock has not reached, oldest first.
///
/// In a circle that grows and shrinks with use. Two or three as a rule; many only where the market clock stands
/// still because all others are silent.
struct HeldSlots: SnapshotState {
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
    if count == starts.count { resize(max(4, 2 * count)) }
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
    if hasGrown { shrink() }
  }

  /// So many places stay, however few are used.
  static var placesKept: Int { 32 }

  /// Whether there are more places.
  var hasGrown: Bool { starts.count > Self.placesKept }

  // Many wait for one symbol at a time: the one that is ahead of all others.
  @inline(never)
  private mutating func shrink() {
    var places = starts.count
    while places > Self.placesKept, 4 * count < places { places /= 2 }
    if places < starts.count { resize(places) }
  }

  private subscript(place: Int) -> Timestamp {
    get { starts[(head + place) & (starts.count - 1)] }
    set { starts[(head + place) & (starts.count - 1)] = newValue }
  }

  private mutating func resize(_ places: Int) {
    let old = starts
    starts = [Timestamp](repeating: .distantPast, count: places)
    for place in 0..<count { starts[place] = old[(head + place) & (old.count - 1)] }
    head = 0
  }

  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError) {
    var slots = (0..<count).map { self[$0] }
    try coder.value(&newestEnd)
    try coder.values(&slots)
    if !Coder.isReading { return }
    (starts, head, count) = ([], 0, 0)
    var places = 4
    while places < slots.count { places *= 2 }
    if !slots.isEmpty { resize(places) }
    for (place, slot) in slots.enumerated() { starts[place] = slot }
    count = slots.count
  }
}
