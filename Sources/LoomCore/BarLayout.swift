/// Where the parts of a table of bars stand: a header, then one block for each symbol.
///
/// A block holds the symbol's last bars and feature rows in circles of `depth` places. All but one
/// of the places are there twice, one circle behind the other, so that any run of them is in one
/// piece wherever the circle begins. Everything is made of words of eight bytes.
struct BarLayout: Equatable, Sendable {
  /// How many bars and how many rows of a symbol are kept.
  let depth: Int
  /// Values in a row.
  let featureCount: Int

  /// From the begin of a table to the first block, in bytes.
  static let header = 64
  /// From the begin of a block to its bars: how many bars and rows there were, and how often some
  /// were replaced.
  static let bars = 32
  /// From the begin of a block to the last of these.
  static let replacements = 16

  /// Places in the doubled circle.
  let placeCount: Int
  /// From the begin of a block to the starts of the rows.
  let starts: Int
  /// From the begin of a block to the values of the rows.
  let values: Int
  /// From one block to the next: whole lines of the cache.
  let stride: Int

  init(depth: Int, featureCount: Int) {
    self.depth = depth
    self.featureCount = featureCount
    placeCount = 2 * depth - 1
    starts = Self.bars + MemoryLayout<CleanBar>.stride * placeCount
    values = starts + 8 * placeCount
    stride = (values + 8 * featureCount * placeCount + 63) & ~63
  }

  func block(_ symbol: Int) -> Int { Self.header + stride * symbol }

  func byteCount(symbols: Int) -> Int { block(symbols) }

  /// Where the newest `most` of `count` things stand, oldest first.
  func places(newest most: Int, of count: UInt64) -> Range<Int> {
    let kept = Int(min(count, UInt64(depth)))
    let begin = Int((count - UInt64(kept)) % UInt64(depth))
    return begin + kept - min(most, kept)..<begin + kept
  }

  /// Calls `write` with each place of the thing that came after `index` others.
  func forEachPlace(of index: UInt64, _ write: (Int) -> Void) {
    let place = Int(index % UInt64(depth))
    write(place)
    if place + depth < placeCount { write(place + depth) }
  }
}

/// What a table of bars says about itself; its record begins with it.
struct BarHeader: BitwiseCopyable {
  var number: UInt64 = 0
  var clock = Timestamp.distantPast
  var symbolCount = 0
  /// How much of the writer's log of changes is in it.
  var position = 0
  /// How often bars or rows of any symbol were replaced.
  var replacements: UInt64 = 0

  /// Field by field, which ThreadSanitizer sees; as it sees a symbol's counts, but no copy of bytes.
  func write(to table: UnsafeMutableRawPointer) {
    unsafe table.storeBytes(of: number, as: UInt64.self)
    unsafe table.storeBytes(of: clock.nanoseconds, toByteOffset: 8, as: Int64.self)
    unsafe table.storeBytes(of: symbolCount, toByteOffset: 16, as: Int.self)
    unsafe table.storeBytes(of: position, toByteOffset: 24, as: Int.self)
    unsafe table.storeBytes(of: replacements, toByteOffset: 32, as: UInt64.self)
  }
}
