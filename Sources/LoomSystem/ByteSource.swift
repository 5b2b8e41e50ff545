/// The text of a file or of standard input: unpacked, in UTF-8, without a byte order mark.
///
/// gzip, zstd and UTF-16 are recognised by their first bytes, whatever the file is called. One
/// thread at a time. Of a regular file it holds no descriptor between reads unless asked to.
@safe
public final class ByteSource {
  /// How the file is packed.
  public enum Packing: String, Sendable {
    /// Not at all.
    case plain
    /// gzip, RFC 1952.
    case gzip
    /// zstd, RFC 8878.
    case zstd
  }

  /// The path as given, or `standard input`.
  public var path: String { input.path }
  /// How the file is packed.
  public private(set) var packing = Packing.plain
  /// Bytes of the byte order mark, 0 without one.
  public private(set) var markLength = 0
  /// Whether the text is UTF-16 in the file.
  public private(set) var isUTF16 = false
  /// Bytes of the file; nil for a pipe.
  public var size: Int64? { input.size }
  /// How many bytes of the file were read; of an unpacked one the same share as of its text.
  public var bytesRead: Int64 {
    if spill == nil || spilled.isEmpty { return input.offset }
    let share = Double(spillOffset) / Double(spilled.count)
    return Int64(share * Double(input.size ?? input.offset))
  }
  /// Whether any byte can be read again.
  public var isSeekable: Bool { input.isSeekable }
  /// Whether any byte of the text can be read at once: by ``RowBlock/load(_:from:)``.
  public var isDirect: Bool {
    spill != nil || (isStarted && input.isSeekable && packing == .plain && !isUTF16)
  }
  /// Bytes of memory that unpacking takes, about; 0 for plain text.
  public private(set) var unpackingBytes = 0

  private let input: ByteSourceInput
  private let bufferSize: Int
  private var decoder: any Decoder
  private var head: [UInt8] = []
  private var isStarted = false
  // Where the unpacked text stands, and the next byte of it.
  private var spill: ByteSourceSpill?
  private var spilled: Range<Int64> = 0..<0
  private var spillOffset: Int64 = 0

  /// Opens `path`, or standard input where it is nil; reads nothing yet.
  ///
  /// - Parameters:
  ///   - path: The file; a pipe or a device is read once, from front to end.
  ///   - keepsOpen: Whether to hold the descriptor between reads.
  ///   - bufferSize: Bytes unpacked at once; at least 512.
  ///   - cancellation: Ends a read, even one that waits for a pipe.
  /// - Throws: ``ByteSourceError``.
  public init(
    path: String?, keepsOpen: Bool = true, bufferSize: Int = 65_536,
    cancellation: Cancellation? = nil
  ) throws(ByteSourceError) {
    precondition(bufferSize >= 512, "\(bufferSize) bytes are too few")
    input = try ByteSourceInput(path: path, keepsOpen: keepsOpen, cancellation: cancellation)
    self.bufferSize = bufferSize
    decoder = input
  }

  /// Opens a stream whose lines are taken as they come: standard input, or a socket.
  ///
  /// - Throws: ``ByteSourceError``.
  public init(
    socket: LocalSocket?, reading: StreamReading
  ) throws(ByteSourceError) {
    input =
      if let socket {
        ByteSourceInput(socket, stream: reading)
      } else {
        try ByteSourceInput(path: nil, keepsOpen: true, stream: reading)
      }
    bufferSize = 65_536
    decoder = input
  }

  /// Appends up to `count` bytes of text to `bytes`; false at the end.
  public func append(_ count: Int, to bytes: inout [UInt8]) throws(ByteSourceError) -> Bool {
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 4), alignment: 16)
    defer { unsafe target.deallocate() }
    let read = unsafe try read(into: target)
    unsafe bytes.append(contentsOf: target.prefix(read))
    return read > 0
  }

  /// Starts again at the first byte of the text; a pipe only before ``commit()``.
  public func rewind() {
    spillOffset = 0
    if spill != nil { return }
    input.rewind()
    isStarted = false
    decoder = input
    head = []
  }

  /// Unpacks the whole text into `spill`, from where it is read again from its first byte.
  ///
  /// - Throws: ``ByteSourceError``.
  public func unpack(into spill: ByteSourceSpill) throws(ByteSourceError) {
    precondition(self.spill == nil, "\(path) was unpacked already")
    rewind()
    try commit()
    spilled = try spill.take(self)
    self.spill = spill
    spillOffset = 0
    rest()
  }

  /// Ends the look-ahead: what a pipe delivers from here on is not remembered.
  ///
  /// - Throws: ``ByteSourceError``.
  public func commit() throws(ByteSourceError) {
    if !isStarted { try start() }
    input.commit()
  }

  /// Gives back the memory of the unpacker and the descriptor until the next ``rewind()``.
  public func rest() {
    decoder = input
    input.rest()
  }

  /// Fills `target` from the front and returns how many bytes came; 0 only at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
    if let spill {
      let count = min(target.count, spilled.count - Int(spillOffset))
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[..<count])
      unsafe try spill.read(at: spilled.lowerBound + spillOffset, into: part)
      spillOffset += Int64(count)
      return count
    }
    if !isStarted { try start() }
    if head.isEmpty { return unsafe try decoder.read(into: target) }
    let count = min(head.count, target.count)
    unsafe target.copyBytes(from: head.prefix(count))
    head.removeFirst(count)
    return count
  }

  /// Fills `target` with the text from `offset` on; returns how many bytes there were.
  func read(
    at offset: Int64, into target: UnsafeMutableRawBufferPointer
  ) throws(ByteSourceError) -> Int {
    precondition(isDirect, "\(path) can only be read from front to end")
    if spill != nil {
      spillOffset = min(offset, Int64(spilled.count))
    } else {
      input.rewind(to: offset + Int64(markLength))
    }
    if !head.isEmpty { head = [] }
    var filled = 0
    while filled < target.count {
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[filled...])
      let count = unsafe try spill == nil ? input.read(into: part) : read(into: part)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Recognises packing and encoding by the first bytes.
  private func start() throws(ByteSourceError) {
    isStarted = true
    let opening = try peek(18, from: input)
    let magic = Array(opening.prefix(4))
    input.rewind()
    if magic.starts(with: [0x1F, 0x8B]) {
      packing = .gzip
      unpackingBytes = 50_000 + bufferSize
      decoder = GzipDecoder(input: input, bufferSize: bufferSize)
    } else if magic == [0x28, 0xB5, 0x2F, 0xFD]
      || (magic.dropFirst() == [0x2A, 0x4D, 0x18] && magic[0] & 0xF0 == 0x50)
    {
      packing = .zstd
      unpackingBytes = 200_000 + bufferSize + ZstdDecoder.windowBytes(opening)
      decoder = ZstdDecoder(input: input, bufferSize: bufferSize)
    }
    head = try peek(4, from: decoder)
    let isUTF32 = head == [0xFF, 0xFE, 0, 0]
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      markLength = 3
    } else if !isUTF32, head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      markLength = 2
      isUTF16 = true
    }
    let isBigEndian = head.first == 0xFE
    head.removeFirst(markLength)
    guard isUTF16 else { return }
    let rest = PrefixedDecoder(prefix: head, decoder: decoder)
    head = []
    decoder = UTF16Decoder(input: rest, isBigEndian: isBigEndian, bufferSize: bufferSize)
  }

  private func peek(_ count: Int, from decoder: any Decoder) throws(ByteSourceError) -> [UInt8] {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { unsafe bytes.deallocate() }
    var filled = 0
    while filled < count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
      let read = unsafe try decoder.read(into: rest)
      if read == 0 { break }
      filled += read
    }
    return unsafe Array(bytes.prefix(filled))
  }
}

extension ByteSource {
  /// Reads on over `count` bytes of text.
  public func skip(_ count: Int) throws(ByteSourceError) {
    if count == 0 { return }
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    defer { unsafe target.deallocate() }
    var left = count
    while left > 0 {
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[..<min(left, 65_536)])
      let read = unsafe try self.read(into: part)
      if read == 0 { return }
      left -= read
    }
  }
}

// MARK: Streams

extension ByteSource {
  /// Whether the last read of a stream returned nothing because nothing had come for a while.
  public var isQuiet: Bool { input.isQuiet }
  /// Whether a stream ended because somebody asked for its end, perhaps in the middle of a line.
  public var isCutShort: Bool { input.isCutShort }
  /// Nanoseconds that reads of a stream have waited for something to come.
  public var waitedNanoseconds: Int64 { input.waitedNanoseconds }
  /// What has come of a stream that is looked at before its first row is read.
  public var opening: [UInt8] { input.opening }

  /// Adds to the opening what comes within `milliseconds`; false at the end, and where nothing came,
  /// which ``isQuiet`` says.
  public func extendOpening(milliseconds: Int32) throws(ByteSourceError) -> Bool {
    try input.extendOpening(milliseconds: milliseconds)
  }

  /// Ends the look-ahead before byte `end` of the opening: until ``commit()`` there is no more.
  public func endOpening(at end: Int) { input.endOpening(at: end) }
}
