internal import LoomSystem

/// The first lines of a stream, by which it is decided how all of it is read.
///
/// Lines are not held back for it: it ends with a thousand rows as that of a file does, but also 0.2 s
/// after the first row came, with whatever is there by then.
struct Opening {
  private static let patienceNanoseconds: Int64 = 200_000_000
  private static let maximumBytes = 1 << 20
  /// Lines that may stand before the rows, and some to spare.
  private static let maximumLines = Probe.rowCount + 24

  private let source: ByteSource
  private let map: ColumnMap
  private var scanned = 0
  private var lines = 0
  /// Where the last whole line ends.
  private var end = 0
  /// When the first row was there.
  private var rowNanoseconds: Int64?

  /// Waits for the opening of `source`, and lets what looks at it see no more than that.
  ///
  /// - Throws: ``ImportError``; that it was cancelled where the end was asked for before there was a row.
  static func await(_ source: ByteSource, map: ColumnMap) throws(ImportError) {
    var opening = Opening(source: source, map: map)
    try opening.gather()
    source.endOpening(at: opening.end)
  }

  private init(source: ByteSource, map: ColumnMap) {
    self.source = source
    self.map = map
  }

  private mutating func gather() throws(ImportError) {
    while lines < Self.maximumLines, scanned < Self.maximumBytes {
      guard let wait = remainingMilliseconds else { return }
      let hasMore = try reading { () throws(ByteSourceError) in
        try source.extendOpening(milliseconds: wait)
      }
      try refusePacked()
      if !hasMore, !source.isQuiet { return try close() }
      let before = lines
      scan()
      if rowNanoseconds == nil, lines > before, try hasRow() {
        rowNanoseconds = MonotonicClock.nanoseconds
      }
    }
  }

  /// How long to wait for more; negative for as long as it takes, nil when it is enough.
  private var remainingMilliseconds: Int32? {
    guard let rowNanoseconds else { return -1 }
    let left = rowNanoseconds + Self.patienceNanoseconds - MonotonicClock.nanoseconds
    return left > 0 ? Int32(left / 1_000_000) + 1 : nil
  }

  private mutating func scan() {
    let bytes = source.opening
    for place in scanned..<bytes.count where bytes[place] == 0x0A {
      lines += 1
      end = place + 1
    }
    scanned = bytes.count
  }

  /// All that there will ever be is here.
  private mutating func close() throws(ImportError) {
    if source.isCutShort {
      if rowNanoseconds == nil {
        throw ImportError(.cancelled, "\(source.path): the reading ended before the first row")
      }
    } else {
      end = source.opening.count
    }
  }

  /// Whether the lines so far hold a row.
  ///
  /// - Throws: Where no further line could make them readable.
  private func hasRow() throws(ImportError) -> Bool {
    let head = TextHead(bytes: Array(source.opening[..<end].prefix(65_536)), isWhole: false)
    if !head.bytes.contains(where: { $0 > 0x20 }) { return false }
    if let objection = TextCheck.objection(to: head.bytes) {
      throw ImportError(.unreadable, "\(source.path): \(objection)")
    }
    do {
      let dialect = try Dialect(head: head, path: source.path, map: map)
      return head.bytes[dialect.dataOffset...].contains { $0 > 0x20 }
    } catch {
      // Lines of one field may stand before a header.
      let isLost =
        lines >= 10
        || head.bytes.contains { Dialect.delimiters.contains($0) }
      if isLost { throw error }
      return false
    }
  }

  private func refusePacked() throws(ImportError) {
    let start = source.opening.prefix(4)
    let found: String? =
      if start.starts(with: [0x1F, 0x8B]) {
        "packed with gzip; unpack it on the way, as in zcat FILE | tickloom live -"
      } else if start.elementsEqual([0x28, 0xB5, 0x2F, 0xFD]) {
        "packed with zstd; unpack it on the way, as in zstdcat FILE | tickloom live -"
      } else if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
        "UTF-16; convert it on the way, as in iconv -f UTF-16 FILE | tickloom live -"
      } else {
        nil
      }
    if let found { throw ImportError(.unreadable, "\(source.path): is \(found)") }
  }
}
