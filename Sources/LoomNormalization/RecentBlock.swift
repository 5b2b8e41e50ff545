internal import LoomCore

/// A stretch of ``RecentTicks``.
struct RecentBlock: SnapshotValue {
  /// How many inputs it holds, and the base-two logarithm of that.
  static let count = 64
  static let countBits = 6
  /// The tag of a place whose input no repeat could match, or that has none.
  private static let noTag: UInt32 = 0

  // Apart from what they are tags of, so that a search reads little.
  private var tags = InlineArray<64, UInt32>(repeating: noTag)
  private var keys = InlineArray<64, RepeatKey>(repeating: .none)

  @inline(__always)
  mutating func keep(_ key: RepeatKey, tag: UInt32, at place: Int) {
    tags[place] = tag
    keys[place] = key
  }

  @inline(__always)
  mutating func forget(at place: Int) { tags[place] = Self.noTag }

  func contains(_ key: RepeatKey, tag: UInt32) -> Bool {
    let (tags, keys) = (tags.span, keys.span)
    // Without a branch inside, the compiler compares many tags at once.
    var hits: UInt32 = 0
    for place in 0..<Self.count { hits |= tags[place] == tag ? 1 : 0 }
    if hits == 0 { return false }
    for place in 0..<Self.count where tags[place] == tag && keys[place].isSame(as: key) {
      return true
    }
    return false
  }
}
