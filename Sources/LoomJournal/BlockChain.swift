internal import CLoomJournal

/// Follows the blocks of a store, each of which carries the hash of the one before.
struct BlockChain {
  private var last: loom_block_hash?

  /// What a block says of itself; nil where its header is damaged.
  static func header(of block: RawSpan) -> loom_block_header? {
    var header = loom_block_header()
    let status = unsafe block.withUnsafeBytes {
      unsafe loom_block_header_read($0.baseAddress, $0.count, &header)
    }
    return status == .ok ? header : nil
  }

  /// The hash of a block, which the next one carries.
  static func hash(of block: RawSpan) -> loom_block_hash {
    unsafe block.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return loom_block_hash() }
      return unsafe loom_block_hash_of(start, bytes.count)
    }
  }

  /// Takes the next block, of which everything else is right.
  ///
  /// - Returns: Whether it follows the one before; true for the first.
  mutating func follow(_ block: RawSpan, _ header: loom_block_header) -> Bool {
    let expected = last
    last = Self.hash(of: block)
    guard let expected else { return true }
    return expected.low == header.previous.low && expected.high == header.previous.high
  }

  /// Begins anew, as a block is missing.
  mutating func interrupt() { last = nil }
}
