internal import LoomCore

/// What of a bar decides whether its return enters a row.
struct WaitingReturn: SnapshotValue {
  var start: Timestamp
  var previousStart: Timestamp
  /// NaN where the bar is not valid or has no finite return.
  var value: Double

  init(_ clean: CleanBar, _ timeframe: Timeframe) {
    let enters = clean.isValid && clean.logReturn.isFinite
    start = clean.bar.start
    previousStart = clean.previousStart(timeframe)
    value = enters ? clean.logReturn : .nan
  }
}

/// The bars of one symbol that wait, oldest first, in a circle that grows and shrinks with use.
///
/// Those that were drained can be kept in it, in front of the others.
struct WaitingReturns: SnapshotState {
  private var entries: [WaitingReturn] = []
  /// The first that waits.
  private var head = 0
  private var count = 0
  private var keptCount = 0
  /// Whether a bar was ever drained that is not kept.
  private var hasForgotten = false

  /// The oldest that waits.
  var first: WaitingReturn? { count == 0 ? nil : entries[head] }

  /// Start of the newest drained bar that is kept.
  var lastDrained: Timestamp? {
    keptCount == 0 ? nil : entries[(head - 1) & (entries.count - 1)].start
  }

  /// How many there is room for.
  var places: Int { entries.count }

  /// Whether any bar was drained.
  var hasDrained: Bool { hasForgotten || keptCount > 0 }

  mutating func append(_ entry: WaitingReturn) {
    if count + keptCount == entries.count { resize(max(4, 2 * entries.count), filler: entry) }
    entries[(head + count) & (entries.count - 1)] = entry
    count += 1
  }

  /// Drains the oldest that waits.
  mutating func removeFirst(isKept: Bool) -> WaitingReturn {
    let entry = entries[head]
    head = (head + 1) & (entries.count - 1)
    count -= 1
    if isKept { keptCount += 1 }
    // Many wait for one symbol at a time: the one that is ahead of all others.
    if entries.count > Self.placesKept, 4 * (count + keptCount) < entries.count {
      resize(entries.count / 2, filler: entry)
    }
    return entry
  }

  /// Forgets the oldest drained bar if it starts before `start`; returns when it starts.
  mutating func forgetFirst(before start: Timestamp) -> Timestamp? {
    if keptCount == 0 { return nil }
    let oldest = entries[(head - keptCount) & (entries.count - 1)].start
    if oldest >= start { return nil }
    keptCount -= 1
    hasForgotten = true
    return oldest
  }

  /// Lets what was drained and starts at or after `start` wait again.
  mutating func rewind(to start: Timestamp) {
    while let last = lastDrained, last >= start {
      head = (head - 1) & (entries.count - 1)
      keptCount -= 1
      count += 1
    }
  }

  /// Replaces the waiting bar of the same slot, or inserts one that is new.
  mutating func revise(_ entry: WaitingReturn) {
    var place = count
    while place > 0, self[place - 1].start > entry.start { place -= 1 }
    if place > 0, self[place - 1].start == entry.start { return self[place - 1] = entry }
    append(entry)
    var index = count - 1
    while index > place {
      self[index] = self[index - 1]
      index -= 1
    }
    self[place] = entry
  }

  /// Those that wait, by age.
  private subscript(place: Int) -> WaitingReturn {
    get { entries[(head + place) & (entries.count - 1)] }
    set { entries[(head + place) & (entries.count - 1)] = newValue }
  }

  /// So many places stay, however few are used.
  static var placesKept: Int { 32 }

  private mutating func resize(_ places: Int, filler: WaitingReturn) {
    let (old, first) = (entries, head - keptCount)
    entries = [WaitingReturn](repeating: filler, count: places)
    for place in 0..<count + keptCount { entries[place] = old[(first + place) & (old.count - 1)] }
    head = keptCount
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    var all = (0..<keptCount + count).map { self[$0 - keptCount] }
    try coder.values(&all)
    try coder.count(&keptCount)
    try coder.flag(&hasForgotten)
    try coder.require(keptCount <= all.count, "bars that are kept")
    if !Coder.isReading { return }
    var places = 4
    while places < all.count { places *= 2 }
    entries = all.first.map { [WaitingReturn](repeating: $0, count: places) } ?? []
    for (place, entry) in all.enumerated() { entries[place] = entry }
    (head, count) = (keptCount, all.count - keptCount)
  }
}
