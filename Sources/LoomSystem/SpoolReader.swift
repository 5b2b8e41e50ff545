/// Reads one ``SpoolRun`` from front to back.
@safe
final class SpoolReader: @unchecked Sendable {
  // Safe to send: the only reference to it is in a noncopyable `SortedRecords`.
  private let file: TemporaryFile
  private var fileOffset: Int
  private let fileEnd: Int
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var filled = 0
  private var position = 0
  private(set) var time: Int64 = 0
  private(set) var order: UInt64 = 0
  private var length = 0

  /// A reader that takes `blockBytes` at a time.
  init(_ run: SpoolRun, blockBytes: Int) {
    file = run.file
    fileOffset = run.range.lowerBound
    fileEnd = run.range.upperBound
    capacity = max(blockBytes, SpoolRun.headerBytes)
    unsafe base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  /// Steps to the next record; false at the end of the run.
  func next() throws(SystemError) -> Bool {
    position += length
    if position == filled && fileOffset == fileEnd { return false }
    try require(SpoolRun.headerBytes)
    time = unsafe base.loadUnaligned(fromByteOffset: position, as: Int64.self)
    order = unsafe base.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self)
    length = Int(unsafe base.loadUnaligned(fromByteOffset: position + 16, as: UInt32.self))
    position += SpoolRun.headerBytes
    try require(length)
    return true
  }

  /// The bytes of the current record.
  func withRecord<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeRawBufferPointer(start: base + position, count: length)
    return try unsafe body(Span(_unsafeBytes: bytes))
  }

  /// Makes `count` bytes from `position` on available.
  private func require(_ count: Int) throws(SystemError) {
    if position + count <= filled { return }
    let kept = filled - position
    if count > capacity { grow(to: count) }
    unsafe base.copyMemory(from: base + position, byteCount: kept)
    position = 0
    let wanted = min(capacity - kept, fileEnd - fileOffset)
    let room = unsafe UnsafeMutableRawBufferPointer(start: base + kept, count: wanted)
    try unsafe file.read(at: fileOffset, into: room)
    fileOffset += wanted
    filled = kept + wanted
  }

  private func grow(to count: Int) {
    let larger = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    unsafe larger.copyMemory(from: base, byteCount: filled)
    unsafe base.deallocate()
    unsafe base = larger
    capacity = count
  }
}
