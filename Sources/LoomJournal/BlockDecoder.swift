internal import CLoomJournal
internal import LoomCore

/// Reads blocks, whose bytes may be anything.
///
/// One thread at a time.
@safe
struct BlockDecoder: ~Copyable, @unchecked Sendable {
  // Safe to send: the decoder has one owner, this noncopyable value.
  private let handle: OpaquePointer

  init() throws(JournalError) {
    var handle: OpaquePointer?
    guard unsafe loom_decoder_create(&handle) == .ok, let handle = unsafe handle else {
      throw .outOfMemory
    }
    unsafe self.handle = handle
  }

  deinit { unsafe loom_decoder_destroy(handle) }

  /// Appends the ticks of a block to `ticks`: by symbol, each symbol's in order.
  ///
  /// - Returns: What is wrong with it; then nothing was appended.
  mutating func decode(_ block: RawSpan, appendingTo ticks: inout [SequencedTick]) -> BlockStatus {
    var status = BlockStatus.badArgument
    ticks.append(addingCapacity: Int(LOOM_BLOCK_TICKS_MAX)) { output in
      unsafe output.withUnsafeMutableBufferPointer { room, initialized in
        guard let start = UnsafeMutableRawPointer(room.baseAddress) else { return }
        let records = unsafe start.assumingMemoryBound(to: loom_sequenced_tick.self)
        var count: UInt32 = 0
        status = unsafe block.withUnsafeBytes { bytes in
          unsafe loom_block_decode(
            handle, bytes.baseAddress, bytes.count, UInt32(LOOM_COLUMN_ALL), LOOM_EVERY_SYMBOL,
            records, &count)
        }
        if status == .ok { initialized = Int(count) }
      }
    }
    return status
  }
}

extension BlockStatus {
  /// What is wrong, in words.
  var reason: String {
    switch self {
    case .ok: "nothing"
    case .badArgument: "a wrong call"
    case .outOfMemory: "memory is short"
    case .notABlock: "no block begins here"
    case .newerCodec: "it was written by a newer Tickloom"
    case .damaged: "its checksum differs"
    case .malformed: "its content is impossible"
    }
  }
}
