internal import LoomCore

/// The last 1,024 accepted inputs of one symbol, for telling repeats.
///
/// A ring in order of arrival. Most inputs have a larger sequence or a later time than all before
/// and cannot be repeats; for the others the ring's tags are scanned, which needs no index to be
/// kept. Storage grows with use up to its bound, and only for symbols that have sequences.
struct RecentTicks {
  /// How many accepted inputs of the symbol are remembered.
  static let window = 1024

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

    /// What equal keys share and different ones rarely do; never ``RecentTicks/noTag``.
    @inline(__always)
    var tag: UInt32 {
      let mixed = (venueSequence ^ UInt64(bitPattern: time)) &* 0x9E37_79B9_7F4A_7C15
      return UInt32(truncatingIfNeeded: mixed >> 32) | 1
    }
  }

  /// The tag of an input that no repeat could match.
  private static let noTag: UInt32 = 0

  private var tags: [UInt32] = []
  private var keys: [Key] = []
  /// Where the next input goes once the ring is full.
  private var next = 0
  /// No kept input has a larger sequence, or a later time: what has one is no repeat.
  private var largestSequence: UInt64 = 0
  private var latestTime = Int64.min

  /// Whether an input equal to `key` is among the last 1,024 accepted.
  ///
  /// Mutating, so that an element of an array is asked in place and not in a copy.
  @inline(__always)
  mutating func contains(_ key: Key) -> Bool {
    if key.venueSequence > largestSequence || key.time > latestTime { return false }
    return isKept(key)
  }

  private mutating func isKept(_ key: Key) -> Bool {
    let tag = key.tag
    let block = 64
    var start = 0
    while start < tags.count {
      let end = min(start + block, tags.count)
      // Without a branch inside, the compiler compares many tags at once.
      var hits: UInt32 = 0
      for place in start..<end { hits |= tags[place] == tag ? 1 : 0 }
      if hits != 0 {
        for place in start..<end where tags[place] == tag && keys[place] == key { return true }
      }
      start = end
    }
    return false
  }

  /// Remembers an accepted input.
  @inline(__always)
  mutating func insert(_ key: Key) {
    push(key.tag, key)
    largestSequence = max(largestSequence, key.venueSequence)
    latestTime = max(latestTime, key.time)
  }

  /// Counts `tick`, an accepted input that no repeat could match.
  @inline(__always)
  mutating func age(_ tick: Tick) {
    // While nothing is remembered there is nothing to forget.
    if tags.isEmpty { return }
    push(Self.noTag, Key(tick))
  }

  @inline(__always)
  private mutating func push(_ tag: UInt32, _ key: Key) {
    if tags.count < Self.window {
      tags.append(tag)
      keys.append(key)
    } else {
      tags[next] = tag
      keys[next] = key
      next = (next + 1) % Self.window
    }
  }
}
