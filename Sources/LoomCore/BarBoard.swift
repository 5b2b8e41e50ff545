internal import CLoomCore

/// Publishes the newest bars and feature rows of every symbol: one writer, and readers on any thread
/// who read them in place.
///
/// What is published is a table that stays as it is while someone holds it. The next one is written
/// over an older one that nobody holds, by taking over what changed since then: it costs what
/// changed and not what there is. Neither side waits for the other.
@safe
public struct BarBoard: ~Copyable, @unchecked Sendable {
  // Safe to send: the noncopyable writer is the only one that begins and publishes records.
  private let storage: BoardStorage
  private let layout: BarLayout
  /// The table published last; only read.
  private var latest: UnsafeMutableRawPointer
  /// The next table as far as it is written; nil where nothing was added yet.
  private var writing: UnsafeMutableRawPointer?
  /// Symbols that a table has room for.
  private var capacity: Int
  private var header = BarHeader()
  private var log: ChangeLog

  /// Creates a board whose latest table is number 0, without symbols.
  ///
  /// - Parameters:
  ///   - symbols: How many there is room for; with more of them the room doubles.
  ///   - depth: How many bars and how many rows of each symbol are kept; 1...65536.
  ///   - featureCount: Values in a feature row; 0...64.
  ///   - holders: How many tables may be held at one time; 1...4000.
  /// - Throws: ``CoreError``.
  public init(symbols: Int, depth: Int, featureCount: Int, holders: Int) throws(CoreError) {
    let isInRange =
      symbols >= 0 && (1...65_536).contains(depth)
      && (0...FeatureRow.maximumCount).contains(featureCount)
    guard isInRange else { throw .badArgument }
    let storage = try BoardStorage(holders: holders)
    let layout = BarLayout(depth: depth, featureCount: featureCount)
    let capacity = max(1, symbols)
    let (bytes, _) = try unsafe storage.begin(layout.byteCount(symbols: capacity))
    unsafe Self.publish(BarHeader(), on: storage, bytes)
    self.storage = storage
    self.layout = layout
    unsafe latest = bytes
    unsafe writing = nil
    self.capacity = capacity
    log = ChangeLog(capacity: capacity)
  }

  /// Bytes of such a board, once as many tables as may be were held at one time.
  public static func byteCount(symbols: Int, depth: Int, featureCount: Int, holders: Int) -> Int {
    let capacity = max(1, symbols)
    let layout = BarLayout(depth: depth, featureCount: featureCount)
    return 256 + (holders + 2) * (128 + layout.byteCount(symbols: capacity))
      + ChangeLog.byteCount(capacity: capacity)
  }

  /// Where tables are read; any thread may have one.
  public var reader: BarReader { BarReader(storage: storage, layout: layout) }

  /// The number of the table published last.
  public var number: UInt64 { header.number }

  /// Adds a symbol's next bar to the next table.
  ///
  /// - Throws: ``CoreError/outOfMemory``; then the bar is not there.
  /// - Complexity: O(1), and for the first after ``publish(clock:)`` what changed since the table that
  ///   is written over; allocates for a new symbol, and the first time a table is used.
  public mutating func append(_ bar: CleanBar) throws(CoreError) {
    let block = try unsafe change(bar.bar.symbol.index)
    let count = unsafe block.load(as: UInt64.self)
    unsafe withUnsafeBytes(of: bar) { bytes in
      layout.forEachPlace(of: count) { place in
        let target = unsafe block + BarLayout.bars + place * bytes.count
        unsafe UnsafeMutableRawBufferPointer(start: target, count: bytes.count)
          .copyMemory(from: bytes)
      }
    }
    unsafe block.storeBytes(of: count + 1, as: UInt64.self)
  }

  /// Adds a symbol's next feature row to the next table.
  ///
  /// - Parameters:
  ///   - start: Start of the bar.
  ///   - symbol: The symbol.
  ///   - values: As many as the board was made for.
  /// - Throws: As ``append(_:)``.
  /// - Complexity: As ``append(_:)``.
  public mutating func append(
    start: Timestamp, symbol: SymbolID, values: Span<Double>
  ) throws(CoreError) {
    precondition(
      values.count == layout.featureCount, "\(values.count) values, not \(layout.featureCount)")
    let block = try unsafe change(symbol.index)
    let count = unsafe block.load(fromByteOffset: 8, as: UInt64.self)
    layout.forEachPlace(of: count) { place in
      unsafe block.storeBytes(
        of: start.nanoseconds, toByteOffset: layout.starts + 8 * place, as: Int64.self)
      let begin = unsafe block + layout.values + 8 * place * layout.featureCount
      unsafe values.withUnsafeBytes { bytes in
        unsafe UnsafeMutableRawBufferPointer(start: begin, count: bytes.count)
          .copyMemory(from: bytes)
      }
    }
    unsafe block.storeBytes(of: count + 1, toByteOffset: 8, as: UInt64.self)
  }

  /// Adds a symbol's next feature row to the next table.
  ///
  /// - Throws: As ``append(_:)``.
  /// - Complexity: As ``append(_:)``.
  public mutating func append(_ row: FeatureRow) throws(CoreError) {
    let values = row.values
    try append(
      start: row.start, symbol: row.symbol, values: values.span.extracting(0..<Int(row.count)))
  }

  /// Makes the next table the latest, as of `clock`.
  ///
  /// - Throws: ``CoreError/outOfMemory`` where nothing was added; the latest table stays what it is.
  public mutating func publish(clock: Timestamp) throws(CoreError) {
    let bytes = try unsafe open()
    header.number += 1
    header.clock = clock
    header.position = log.end
    unsafe Self.publish(header, on: storage, bytes)
    unsafe latest = bytes
    unsafe writing = nil
  }

  /// The block of a symbol in the next table, which will not be what it is in the latest.
  private mutating func change(_ symbol: Int) throws(CoreError) -> UnsafeMutableRawPointer {
    precondition(symbol != SymbolID.unknown.index, "a bar or row of no known symbol")
    _ = try unsafe open()
    if symbol >= capacity { try grow(for: symbol) }
    let known = unsafe latest.load(as: BarHeader.self).symbolCount
    let table = try unsafe open()
    header.symbolCount = max(header.symbolCount, symbol + 1)
    let block = unsafe table + layout.block(symbol)
    // The first change since the latest table; what that did not know yet is noted again.
    let isFirst = unsafe symbol >= known || Self.isSame(block, latest + layout.block(symbol))
    if isFirst { log.append(symbol) }
    return unsafe block
  }

  /// The next table; the first time it becomes what the latest is.
  private mutating func open() throws(CoreError) -> UnsafeMutableRawPointer {
    if let writing = unsafe writing { return unsafe writing }
    let size = layout.byteCount(symbols: capacity)
    let (bytes, before) = try unsafe storage.begin(size)
    // One that had less room is allocated anew, and zero.
    let position = unsafe before == size ? bytes.load(as: BarHeader.self).position : 0
    if log.reaches(position) {
      for place in position..<log.end { unsafe takeOver(log[place], into: bytes) }
    } else {
      for symbol in 0..<header.symbolCount { unsafe takeOver(symbol, into: bytes) }
    }
    unsafe writing = bytes
    return unsafe bytes
  }

  /// Copies what the latest table has of a symbol and `table`, an older one, has not.
  private func takeOver(_ symbol: Int, into table: UnsafeMutableRawPointer) {
    let source = unsafe UnsafeRawPointer(latest) + layout.block(symbol)
    let target = unsafe table + layout.block(symbol)
    if unsafe Self.isSame(target, source) { return }
    unsafe takeOver(at: 0, from: source, to: target) { place in
      let offset = BarLayout.bars + place * MemoryLayout<CleanBar>.stride
      unsafe (target + offset).copyMemory(
        from: source + offset, byteCount: MemoryLayout<CleanBar>.stride)
    }
    unsafe takeOver(at: 8, from: source, to: target) { place in
      let start = layout.starts + 8 * place
      unsafe (target + start).copyMemory(from: source + start, byteCount: 8)
      let values = layout.values + 8 * layout.featureCount * place
      unsafe (target + values).copyMemory(
        from: source + values, byteCount: 8 * layout.featureCount)
    }
  }

  /// Has `copy` called for the places of what is newer there, and takes over the count at `offset`.
  private func takeOver(
    at offset: Int, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer,
    _ copy: (Int) -> Void
  ) {
    let count = unsafe source.load(fromByteOffset: offset, as: UInt64.self)
    let known = unsafe target.load(fromByteOffset: offset, as: UInt64.self)
    let kept = min(count, UInt64(layout.depth))
    for index in max(known, count - kept)..<count { layout.forEachPlace(of: index, copy) }
    unsafe target.storeBytes(of: count, toByteOffset: offset, as: UInt64.self)
  }

  /// Whether two states of one symbol, of which one is later, are the same.
  private static func isSame(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer) -> Bool {
    unsafe one.load(as: UInt64.self) == other.load(as: UInt64.self)
      && one.load(fromByteOffset: 8, as: UInt64.self)
        == other.load(fromByteOffset: 8, as: UInt64.self)
  }

  /// Makes room for a symbol in the next table; the others follow when they are written over.
  private mutating func grow(for symbol: Int) throws(CoreError) {
    let larger = max(2 * capacity, symbol + 1)
    let size = layout.byteCount(symbols: header.symbolCount)
    let kept = try unsafe open()
    // The blocks stand where they stood, but the C board gives zeros for what is larger.
    let copy = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    defer { unsafe copy.deallocate() }
    unsafe copy.copyMemory(from: kept, byteCount: size)
    let (bytes, _) = try unsafe storage.begin(layout.byteCount(symbols: larger))
    unsafe bytes.copyMemory(from: copy, byteCount: size)
    unsafe writing = bytes
    capacity = larger
    log.grow(capacity: larger)
  }

  private static func publish(
    _ header: BarHeader, on storage: BoardStorage, _ bytes: UnsafeMutableRawPointer
  ) {
    unsafe header.write(to: bytes)
    unsafe loom_board_publish(storage.handle)
  }
}
