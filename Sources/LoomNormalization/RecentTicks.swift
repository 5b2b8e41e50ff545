internal import LoomCore

/// The last 1,024 accepted inputs of one symbol, for telling repeats.
///
/// A ring in order of arrival. Most inputs have a larger sequence or a later time than all before
/// and cannot be repeats; for the others the ring's tags are scanned, which needs no index to be
/// kept. Storage grows with use up to its bound, and only for symbols that have sequences.
struct RecentTicks {
  /// How many accepted inputs of the symbol are remembered.
  static let window = 1024

  /// The tag of an input that no repeat could match.
  private static let noTag: UInt32 = 0

  private var tags: [UInt32] = []
  private var ticks: [Tick] = []
  /// Where the next input goes once the ring is full.
  private var next = 0
  /// No kept input has a larger sequence, or a later time: what has one is no repeat.
  private var largestSequence: UInt64 = 0
  private var latestTime = Int64.min

  /// Whether an input equal to `tick` is among the last 1,024 accepted.
  ///
  /// Mutating, so that an element of an array is asked in place and not in a copy.
  @inline(__always)
  mutating func contains(_ tick: Tick) -> Bool {
    if tick.venueSequence > largestSequence || tick.time.nanoseconds > latestTime { return false }
    return isKept(tick)
  }

  private mutating func isKept(_ tick: Tick) -> Bool {
    let tag = Self.tag(of: tick)
    let block = 64
    var start = 0
    while start < tags.count {
      let end = min(start + block, tags.count)
      // Without a branch inside, the compiler compares many tags at once.
      var hits: UInt32 = 0
      for place in start..<end { hits |= tags[place] == tag ? 1 : 0 }
      if hits != 0 {
        for place in start..<end where tags[place] == tag && ticks[place].isRepeated(by: tick) {
          return true
        }
      }
      start = end
    }
    return false
  }

  /// Remembers an accepted input.
  @inline(__always)
  mutating func insert(_ tick: Tick) {
    push(Self.tag(of: tick), tick)
    largestSequence = max(largestSequence, tick.venueSequence)
    latestTime = max(latestTime, tick.time.nanoseconds)
  }

  /// Counts `tick`, an accepted input that no repeat could match.
  @inline(__always)
  mutating func age(_ tick: Tick) {
    // While nothing is remembered there is nothing to forget.
    if tags.isEmpty { return }
    push(Self.noTag, tick)
  }

  @inline(__always)
  private mutating func push(_ tag: UInt32, _ tick: Tick) {
    if tags.count < Self.window {
      tags.append(tag)
      ticks.append(tick)
    } else {
      tags[next] = tag
      ticks[next] = tick
      next = (next + 1) % Self.window
    }
  }

  /// What repeats share and other inputs rarely do; never ``noTag``.
  @inline(__always)
  private static func tag(of tick: Tick) -> UInt32 {
    let mixed = tick.venueSequence ^ UInt64(bitPattern: tick.time.nanoseconds)
    return UInt32(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) >> 32) | 1
  }
}

extension Tick {
  /// Whether every field but receive time, side and flags is equal; NaN equals NaN, as 0 does -0.
  fileprivate func isRepeated(by other: Tick) -> Bool {
    func same(_ one: Double, _ two: Double) -> Bool { one == two || (one.isNaN && two.isNaN) }
    return venueSequence == other.venueSequence && time == other.time
      && same(bid, other.bid) && same(ask, other.ask)
      && same(last, other.last) && same(lastSize, other.lastSize)
      && same(bidSize, other.bidSize) && same(askSize, other.askSize)
  }
}
