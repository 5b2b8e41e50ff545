/// Whether the log beside a store is whole: SQLite leaves out, without a word, everything from its
/// first damaged frame on.
///
/// Source: the SQLite documentation, "The WAL File Format".
struct LogCheck {
  private static let headerSize = 32
  private static let frameHeaderSize = 24

  /// The frames that are lost of the store that is being read; nil where none is.
  static func lostFrames(whileReading database: borrowing Database) -> ClosedRange<Int>? {
    let path = database.path
    guard let lost = lostFrames(of: path) else { return nil }
    // Whoever writes it may have been in the middle of a frame.
    if isBeingWritten(path) { return nil }
    return lostFrames(of: path) == lost ? lost : nil
  }

  /// Whether somebody holds the writer's lock.
  ///
  /// Only beside another connection: SQLite takes the last one that goes as a reason to empty the log.
  private static func isBeingWritten(_ path: String) -> Bool {
    do throws(JournalError) {
      let database = try Database(path: path)
      try database.execute("BEGIN IMMEDIATE; ROLLBACK")
      return false
    } catch {
      return error == .inUse(path: path)
    }
  }

  /// The frames that are lost of the store at `path`, which nobody writes.
  static func lostFrames(of path: String) -> ClosedRange<Int>? {
    guard let file = PageFile(path: path + "-wal"), file.size > headerSize else { return nil }
    let header = file.read(at: 0, count: headerSize)
    let frameSize = frameHeaderSize + StoreSchema.pageSize
    let frames = max(1, (file.size - headerSize) / frameSize)
    guard var sum = LogSum(header: header) else { return 1...frames }
    var lost: Int?
    for frame in 0..<((file.size - headerSize) / frameSize) {
      let bytes = file.read(at: headerSize + frame * frameSize, count: frameSize)
      let salts = LogSum.sameSalts(bytes, header)
      if lost == nil, salts == 2, sum.accepts(bytes) { continue }
      // What a checkpoint has left behind from before has other salts.
      if salts == 0 && lost == nil { lost = frame + 1 }
      if salts > 0 { return (lost ?? frame + 1)...frames }
    }
    return nil
  }
}

/// The running checksum of a log.
private struct LogSum {
  private var (first, second): (UInt32, UInt32) = (0, 0)
  private let isBigEndian: Bool

  /// Begins with the header; nil where that is damaged.
  init?(header: [UInt8]) {
    let magic = Self.number(header, 0)
    guard magic & ~1 == 0x377F_0682 else { return nil }
    isBigEndian = magic & 1 == 1
    add(header, 0..<24)
    guard first == Self.number(header, 24), second == Self.number(header, 28) else { return nil }
  }

  /// Takes a frame; false where its checksum differs.
  mutating func accepts(_ frame: [UInt8]) -> Bool {
    add(frame, 0..<8)
    add(frame, 24..<frame.count)
    return first == Self.number(frame, 16) && second == Self.number(frame, 20)
  }

  /// How many of the two salts of a frame are those of the header.
  static func sameSalts(_ frame: [UInt8], _ header: [UInt8]) -> Int {
    (number(frame, 8) == number(header, 16) ? 1 : 0)
      + (number(frame, 12) == number(header, 20) ? 1 : 0)
  }

  private mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
    var (first, second) = (first, second)
    unsafe bytes.withUnsafeBytes { bytes in
      var place = range.lowerBound
      while place < range.upperBound {
        let one = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        let two = unsafe bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
        first = first &+ (isBigEndian ? one.bigEndian : one.littleEndian) &+ second
        second = second &+ (isBigEndian ? two.bigEndian : two.littleEndian) &+ first
        place += 8
      }
    }
    (self.first, self.second) = (first, second)
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
