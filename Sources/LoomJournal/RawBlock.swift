internal import CLoomJournal

/// A block found in the bytes of a damaged store.
struct RawBlock {
  /// The page that it begins in, and where.
  let image: RawPages.Image
  let start: Int
  /// How many of its bytes are in that page.
  let local: Int
  /// Whether the rest is looked for in the log, too.
  let usesLog: Bool
  let header: loom_block_header
  /// Its row, as far as that stands before it.
  let row: RawRow?
}

/// What stands before a block in its row.
struct RawRow {
  let id: Int64
  let group: UInt64
}

extension RawPages {
  /// Whether a block begins in one of the first thousands of pages.
  var hasBlock: Bool {
    images.prefix(4096).contains { image in
      let page = bytes(image)
      return unsafe page.withUnsafeBytes { bytes in
        unsafe loom_block_find(bytes.baseAddress, bytes.count, 0) < bytes.count
      }
    }
  }

  /// Every whole block of one image: found by its magic, accepted by its checksums.
  func blocks(in image: Image) -> [RawBlock] {
    let page = bytes(image)
    var found: [RawBlock] = []
    var from = 0
    while true {
      let start = unsafe page.withUnsafeBytes { bytes in
        unsafe loom_block_find(bytes.baseAddress, bytes.count, from)
      }
      if start >= page.count { return found }
      if let block = block(in: image, page, at: start) { found.append(block) }
      from = start + 1
    }
  }

  private func block(in image: Image, _ page: [UInt8], at start: Int) -> RawBlock? {
    let rest = unsafe page.span.bytes.extracting(start..<page.count)
    guard let header = BlockChain.header(of: rest) else { return nil }
    let size = unsafe withUnsafePointer(to: header) { unsafe loom_block_size($0) }
    let cell = RawCell(page, blockAt: start, size: size)
    // Where the row itself is damaged, every place that the block may be cut at is tried.
    let cuts = cell.map { [$0.local] } ?? RawCell.possibleCuts(before: start, size: size)
    for cut in cuts where start + cut <= page.count {
      for usesLog in [true, false] {
        let block = RawBlock(
          image: image, start: start, local: cut, usesLog: usesLog, header: header, row: cell?.row)
        if let bytes = contents(of: block), Self.isWhole(bytes) { return block }
      }
    }
    return nil
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    var header = loom_block_header()
    let status = unsafe bytes.withUnsafeBytes {
      unsafe loom_block_check($0.baseAddress, $0.count, &header)
    }
    return status == .ok
  }

  /// The bytes of a block; nil where its pages lead nowhere.
  ///
  /// Source: the SQLite documentation, "Database File Format", 1.6: what does not fit into a page goes
  /// on in a list of others, each of which begins with the number of the next.
  func contents(of block: RawBlock) -> [UInt8]? {
    let header = block.header
    let size = unsafe withUnsafePointer(to: header) { unsafe loom_block_size($0) }
    let page = bytes(block.image)
    var result = Array(page[block.start..<block.start + min(block.local, size)])
    guard result.count < size else { return result }
    guard var next = Self.number(page, block.start + block.local) else { return nil }
    while result.count < size {
      guard let image = image(of: next, usesLog: block.usesLog) else { return nil }
      let bytes = bytes(image)
      result += bytes[4..<min(bytes.count, 4 + size - result.count)]
      next = Self.number(bytes, 0) ?? 0
    }
    return result
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> Int? {
    if place + 4 > bytes.count { return nil }
    return bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
