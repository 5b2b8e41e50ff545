internal import CLoomJournal
internal import LoomCore

/// Makes the blocks of a chain from groups of ticks.
///
/// One thread at a time.
@safe
struct BlockEncoder: ~Copyable, @unchecked Sendable {
  // Safe to send: the encoder and the room have one owner, this noncopyable value.
  private let handle: OpaquePointer
  private let room: UnsafeMutableRawBufferPointer
  /// The hash of the last block of the chain.
  private var previous: loom_block_hash

  /// Most ticks of a group.
  static let groupMaximum = Int(LOOM_GROUP_TICKS_MAX)

  /// Goes on after the block whose hash is `previous`; zeros begin a chain.
  init(after previous: loom_block_hash = loom_block_hash()) throws(JournalError) {
    var handle: OpaquePointer?
    let status = unsafe loom_encoder_create(Int32(LOOM_BLOCK_LEVEL_DEFAULT), &handle)
    guard status == .ok, let handle = unsafe handle else { throw .outOfMemory }
    unsafe self.handle = handle
    unsafe room = .allocate(byteCount: Int(LOOM_BLOCK_SIZE_MAX), alignment: 64)
    self.previous = previous
  }

  deinit {
    unsafe room.deallocate()
    unsafe loom_encoder_destroy(handle)
  }

  /// Encodes a group of 1 … 65,536 ticks, which have the sequences that follow each other.
  ///
  /// - Parameters:
  ///   - ticks: The group.
  ///   - keep: Takes the blocks in order; what it is given is gone afterwards.
  /// - Throws: What `keep` throws; the chain goes on after the last block that it has kept.
  mutating func encode(
    _ ticks: Span<SequencedTick>, _ keep: (BlockHeader, RawSpan) throws(JournalError) -> Void
  ) throws(JournalError) {
    for index in 0..<sort(ticks) {
      let size = try encode(index, of: ticks)
      let block = unsafe UnsafeRawBufferPointer(room)
      var header = loom_block_header()
      let status = unsafe loom_block_header_read(block.baseAddress, size, &header)
      precondition(status == .ok, "a block of our own is \(status)")
      try unsafe keep(BlockHeader(header), block.bytes.extracting(first: size))
      if let start = block.baseAddress {
        previous = unsafe loom_block_hash_of(start, size)
      }
    }
  }

  private mutating func sort(_ ticks: Span<SequencedTick>) -> UInt32 {
    unsafe ticks.withUnsafeBytes { bytes in
      let records = unsafe bytes.assumingMemoryBound(to: loom_sequenced_tick.self)
      guard let start = records.baseAddress else { return 0 }
      return unsafe loom_group_sort(handle, start, UInt32(ticks.count))
    }
  }

  private mutating func encode(
    _ index: UInt32, of ticks: Span<SequencedTick>
  ) throws(JournalError) -> Int {
    var size = 0
    let status = unsafe ticks.withUnsafeBytes { bytes in
      let records = unsafe bytes.assumingMemoryBound(to: loom_sequenced_tick.self)
      guard let start = records.baseAddress, let room = unsafe room.baseAddress else {
        return BlockStatus.badArgument
      }
      return unsafe loom_group_encode(handle, start, index, previous, room, &size)
    }
    if status == .outOfMemory { throw .outOfMemory }
    precondition(status == .ok, "a group of \(ticks.count) ticks is \(status)")
    return size
  }
}
