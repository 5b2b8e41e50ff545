internal import LoomCore

/// The last 1,024 accepted inputs of one symbol, for telling repeats.
///
/// Only inputs that a repeat could match are kept (those with a venue sequence, and bars); the
/// others merely age them. Storage grows with use up to its bound and is then reused.
struct RecentTicks {
  /// How many accepted inputs of the symbol are remembered.
  static let window = 1024
  private static let bucketCount = 2 * window

  /// Every field that must agree in a repeat, as bits; all NaN alike, and -0 as 0.
  struct Key: BitwiseCopyable, Equatable {
    let venueSequence: UInt64
    let time: Int64
    let prices: SIMD4<UInt64>
    let sizes: SIMD2<UInt64>

    @inline(__always)
    init(_ tick: Tick) {
      venueSequence = tick.venueSequence
      time = tick.time.nanoseconds
      prices = SIMD4(
        Self.bits(tick.bid), Self.bits(tick.ask), Self.bits(tick.last), Self.bits(tick.lastSize))
      sizes = SIMD2(Self.bits(tick.bidSize), Self.bits(tick.askSize))
    }

    @inline(__always)
    private static func bits(_ value: Double) -> UInt64 {
      value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern
    }

    /// Where the key is looked for; sequences and times of one symbol differ in their low bits.
    var bucket: Int {
      let mixed = (venueSequence ^ UInt64(bitPattern: time)) &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: mixed >> 53)
    }
  }

  private struct Entry {
    var key: Key
    /// Which accepted input of the symbol it was, from 0.
    var ordinal: Int
    /// The next older entry of the same bucket, or -1.
    var next: Int32
  }

  private var entries: [Entry] = []
  private var heads: [Int32] = []
  /// The slot that the next entry takes once `entries` is full.
  private var oldest = 0
  private var accepted = 0
  /// No kept input has a larger sequence, or a later time: what has one is no repeat.
  private var largestSequence: UInt64 = 0
  private var latestTime = Int64.min

  /// Whether an input equal to `key` is among the last 1,024 accepted.
  @inline(__always)
  func contains(_ key: Key) -> Bool {
    if key.venueSequence > largestSequence || key.time > latestTime { return false }
    return isKept(key)
  }

  private func isKept(_ key: Key) -> Bool {
    var index = heads[key.bucket]
    while index >= 0 {
      let entry = entries[Int(index)]
      if entry.ordinal < accepted - Self.window { return false }
      if entry.key == key { return true }
      index = entry.next
    }
    return false
  }

  /// Remembers an accepted input.
  mutating func insert(_ key: Key) {
    let slot = freeSlot(for: key)
    let bucket = key.bucket
    entries[slot].next = heads[bucket]
    heads[bucket] = Int32(slot)
    accepted += 1
    largestSequence = max(largestSequence, key.venueSequence)
    latestTime = max(latestTime, key.time)
  }

  /// Counts an accepted input that no repeat could match.
  mutating func age() { accepted += 1 }

  private mutating func freeSlot(for key: Key) -> Int {
    if heads.isEmpty { heads = [Int32](repeating: -1, count: Self.bucketCount) }
    let entry = Entry(key: key, ordinal: accepted, next: -1)
    if entries.count < Self.window {
      entries.append(entry)
      return entries.count - 1
    }
    let slot = oldest
    oldest = (oldest + 1) % Self.window
    unlink(slot)
    entries[slot] = entry
    return slot
  }

  private mutating func unlink(_ slot: Int) {
    let bucket = entries[slot].key.bucket
    if heads[bucket] == Int32(slot) {
      heads[bucket] = entries[slot].next
      return
    }
    var index = Int(heads[bucket])
    while entries[index].next != Int32(slot) { index = Int(entries[index].next) }
    entries[index].next = entries[slot].next
  }
}
