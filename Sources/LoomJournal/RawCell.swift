/// The cell of SQLite's that a block is the end of, read backwards from the block.
///
/// Source: the SQLite documentation, "Database File Format", 1.6 and 2.1.
struct RawCell {
  let row: RawRow
  /// How many bytes of the block are in the page of the cell.
  let local: Int

  private static let columns = 10
  /// More bytes than the columns before a block ever take.
  private static let mostBefore = 128

  /// Reads what stands before the block; nil where that is no row of `blocks`.
  init?(_ page: [UInt8], blockAt start: Int, size: Int) {
    for before in Self.columns + 1..<min(start, Self.mostBefore) {
      let record = start - before
      guard let group = Self.group(page, record: record, before: before, size: size),
        let id = Self.id(page, record: record, payload: before + size)
      else { continue }
      row = RawRow(id: id, group: group)
      local = Self.local(payload: before + size) - before
      return
    }
    return nil
  }

  /// How many bytes of a block of `size` may be in its page, with any row before it.
  static func possibleCuts(before start: Int, size: Int) -> [Int] {
    var cuts: [Int] = []
    for before in columns + 1..<max(columns + 2, min(start, mostBefore)) {
      let cut = local(payload: before + size) - before
      if cut > 0 && !cuts.contains(cut) { cuts.append(cut) }
    }
    return cuts
  }

  /// How many bytes of a payload are in the page of its cell.
  private static func local(payload: Int) -> Int {
    let usable = StoreSchema.pageSize
    let (most, least) = (usable - 35, (usable - 12) * 32 / 255 - 23)
    if payload <= most { return payload }
    let local = least + (payload - least) % (usable - 4)
    return local <= most ? local : least
  }

  /// The second column of a record whose last is a blob of `size` bytes, `before` bytes behind.
  private static func group(
    _ page: [UInt8], record: Int, before: Int, size: Int
  ) -> UInt64? {
    let head = Int(page[record])
    guard head > columns, head < before else { return nil }
    var (place, types): (Int, [Int]) = (record + 1, [])
    while place < record + head {
      guard let (value, length) = number(page, place) else { return nil }
      types.append(Int(clamping: value))
      place += length
    }
    guard place == record + head, types.count == columns, types[0] == 0,
      types[columns - 1] == 12 + 2 * size, types.dropLast().allSatisfy({ $0 < 10 && $0 != 7 })
    else { return nil }
    let sizes = types.dropLast().map { [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][$0] }
    guard head + sizes.reduce(0, +) == before else { return nil }
    if types[1] >= 8 { return UInt64(types[1] - 8) }
    return page[place..<place + sizes[1]].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The identifier between the size of the payload and the record.
  private static func id(_ page: [UInt8], record: Int, payload: Int) -> Int64? {
    for length in 1...9 where record - length > 0 {
      guard let (id, taken) = number(page, record - length), taken == length else { continue }
      for size in 1...4 where record - length - size >= 0 {
        guard let (found, taken) = number(page, record - length - size) else { continue }
        if taken == size && found == UInt64(payload) { return Int64(bitPattern: id) }
      }
    }
    return nil
  }

  /// A number of one to nine bytes, seven bits each, the ninth eight.
  static func number(_ bytes: [UInt8], _ start: Int) -> (value: UInt64, length: Int)? {
    var value: UInt64 = 0
    for length in 1...9 {
      guard start + length <= bytes.count else { return nil }
      let byte = bytes[start + length - 1]
      if length == 9 { return (value << 8 | UInt64(byte), 9) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return (value, length) }
    }
    return nil
  }
}
