/// Short texts as small whole numbers, in order of their first appearance.
///
/// Compares bytes. One thread at a time.
@safe
public final class TextTable {
  /// The index of an empty text.
  public static let empty = UInt32.max
  /// The index of a text that is not UTF-8.
  public static let illegal = UInt32.max - 1

  /// The texts; the position is the index.
  public private(set) var texts: [String] = []
  /// The part that finds texts already entered.
  private(set) var lookup = TextLookup()

  /// Creates an empty table.
  public init() {}

  /// The index of `text`, entered now if it is new.
  public func index(of text: [UInt8]) -> UInt32 {
    if text.isEmpty { return Self.empty }
    let padded = text + [UInt8](repeating: 0, count: 8)
    return unsafe padded.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return Self.empty }
      return unsafe index(start, text.count)
    }
  }

  /// The index of the `count` bytes at `start`, behind which eight more may be read.
  func index(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    if let known = unsafe lookup.index(start, count) { return known }
    let text = unsafe UnsafeBufferPointer(start: start, count: count)
    var index = Self.illegal
    if let name = unsafe String(validating: text, as: UTF8.self) {
      index = UInt32(texts.count)
      texts.append(name)
    }
    unsafe lookup.enter(text, index: index)
    return index
  }
}

/// A hash table from short texts to indices.
struct TextLookup {
  private struct Entry {
    var hash: UInt64
    var offset: Int
    var count: Int
    var index: UInt32
  }

  private var entries: [Entry] = []
  private var slots = [Int32](repeating: -1, count: 64)
  private var bytes: [UInt8] = []

  /// The index of the `count` bytes at `start`, behind which eight more may be read; nil if new.
  @inline(__always)
  func index(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt32? {
    if count == 0 { return TextTable.empty }
    let hash = unsafe Self.hash(start, count)
    var slot = Int(truncatingIfNeeded: hash >> 32) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, entry.count == count, unsafe isEqual(entry, start) {
        return entry.index
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Enters a text that is not there yet.
  mutating func enter(_ text: UnsafeBufferPointer<UInt8>, index: UInt32) {
    guard let start = text.baseAddress else { return }
    let hash = unsafe Self.hash(start, text.count)
    entries.append(Entry(hash: hash, offset: bytes.count, count: text.count, index: index))
    unsafe bytes.append(contentsOf: text)
    if entries.count * 2 > slots.count {
      slots = [Int32](repeating: -1, count: slots.count * 2)
      for position in entries.indices { place(position) }
    } else {
      place(entries.count - 1)
    }
  }

  // Up to eight bytes are told apart by their hash alone: it is a bijection of them.
  @inline(__always)
  private func isEqual(_ entry: Entry, _ start: UnsafePointer<UInt8>) -> Bool {
    if entry.count <= 8 { return true }
    for index in 0..<entry.count where unsafe bytes[entry.offset + index] != start[index] {
      return false
    }
    return true
  }

  private mutating func place(_ position: Int) {
    var slot = Int(truncatingIfNeeded: entries[position].hash >> 32) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(position)
  }

  // Multiplying by an odd number and xor-shifting are bijections of 64 bits.
  @inline(__always)
  private static func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    var hash: UInt64 = 0
    var position = 0
    while position < count {
      let left = count - position
      var bytes = unsafe word(at: start + position)
      if left < 8 { bytes &= (1 << UInt64(8 * left)) &- 1 }
      hash = (hash ^ bytes) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
      position += 8
    }
    return hash
  }
}
