internal import CLoomCore

/// Publishes the newest bars and feature rows of every symbol: one writer, and readers on any thread
/// who read them in place.
///
/// What is published is a table that stays as it is while someone holds it. The next one is written
/// over an older one that nobody holds, by taking over what changed since then: it costs what
/// changed and not what there is. Neither side waits for the other. What was appended may be replaced
/// later; a table that someone holds stays as it was.
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

  /// How many bars and how many rows of each symbol are kept.
  public var depth: Int { layout.depth }

  /// The number of the table published last.
  public var number: UInt64 { header.number }

  /// The moment it was published as of.
  public var clock: Timestamp { header.clock }

  /// Adds a symbol's next bar to the next table.
  ///
  /// - Throws: ``CoreError/outOfMemory``; then the bar is not there.
  /// - Complexity: O(1), and for the first after ``publish(clock:)`` what changed since the table that
  ///   is written over; allocates for a new symbol, and the first time a table is used.
  public mutating func append(_ bar: CleanBar) throws(CoreError) {
    let block = try unsafe change(bar.bar.symbol.index)
    let count = unsafe block.load(as: UInt64.self)
    unsafe write(bar, after: count, to: block)
    unsafe block.storeBytes(of: count + 1, as: UInt64.self)
  }

  /// Writes a bar that comes after `count` others of its symbol.
  @inline(__always)
  private func write(_ bar: CleanBar, after count: UInt64, to block: UnsafeMutableRawPointer) {
    unsafe withUnsafeBytes(of: bar) { bytes in
      layout.forEachPlace(of: count) { place in
        let target = unsafe block + BarLayout.bars + place * bytes.count
        unsafe UnsafeMutableRawBufferPointer(start: target, count: bytes.count)
          .copyMemory(from: bytes)
      }
    }
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
    unsafe write(start, values, after: count, to: block)
    unsafe block.storeBytes(of: count + 1, toByteOffset: 8, as: UInt64.self)
  }

  /// Writes a feature row that comes after `count` others of its symbol.
  @inline(__always)
  private func write(
    _ start: Timestamp, _ values: Span<Double>, after count: UInt64,
    to block: UnsafeMutableRawPointer
  ) {
    layout.forEachPlace(of: count) { place in
      unsafe block.storeBytes(
        of: start.nanoseconds, toByteOffset: layout.starts + 8 * place, as: Int64.self)
      let begin = unsafe block + layout.values + 8 * place * layout.featureCount
      unsafe values.withUnsafeBytes { bytes in
        unsafe UnsafeMutableRawBufferPointer(start: begin, count: bytes.count)
          .copyMemory(from: bytes)
      }
    }
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

  /// Puts other bars in the place of those of a symbol, in the next table.
  ///
  /// - Parameters:
  ///   - symbol: The symbol.
  ///   - bars: The newest of them, oldest first: as many as are kept, or more.
  ///   - count: How many the symbol has had, also those that are kept no more.
  /// - Throws: As ``append(_:)``; then nothing is replaced.
  /// - Complexity: O(depth), and as ``append(_:)``.
  public mutating func replaceBars(
    of symbol: SymbolID, by bars: Span<CleanBar>, count: UInt64
  ) throws(CoreError) {
    let kept = keptCount(of: count, among: bars.count)
    let block = try unsafe change(symbol.index)
    for place in bars.count - kept..<bars.count {
      unsafe write(bars[place], after: count - UInt64(bars.count - place), to: block)
    }
    unsafe block.storeBytes(of: count, as: UInt64.self)
    unsafe noteReplacement(in: block)
  }

  /// Puts other feature rows in the place of those of a symbol, in the next table.
  ///
  /// - Parameters:
  ///   - symbol: The symbol.
  ///   - starts: Where the newest of them start, oldest first: as many as are kept, or more.
  ///   - values: Theirs, row by row.
  ///   - count: How many rows the symbol has had, also those that are kept no more.
  /// - Throws: As ``append(_:)``; then nothing is replaced.
  /// - Complexity: O(depth), and as ``append(_:)``.
  public mutating func replaceRows(
    of symbol: SymbolID, starts: Span<Timestamp>, values: Span<Double>, count: UInt64
  ) throws(CoreError) {
    let (kept, width) = (keptCount(of: count, among: starts.count), layout.featureCount)
    precondition(
      values.count == starts.count * width,
      "\(values.count) values in \(starts.count) rows of \(width)")
    let block = try unsafe change(symbol.index)
    for place in starts.count - kept..<starts.count {
      unsafe write(
        starts[place], values.extracting(place * width..<(place + 1) * width),
        after: count - UInt64(starts.count - place), to: block)
    }
    unsafe block.storeBytes(of: count, toByteOffset: 8, as: UInt64.self)
    unsafe noteReplacement(in: block)
  }

  /// How many of `count` things are kept, of which `known` are known.
  private func keptCount(of count: UInt64, among known: Int) -> Int {
    let kept = Int(min(count, UInt64(layout.depth)))
    precondition(known >= kept && known <= count, "\(known) of \(count), and \(kept) are kept")
    return kept
  }

  private mutating func noteReplacement(in block: UnsafeMutableRawPointer) {
    header.replacements += 1
    let count = unsafe block.load(fromByteOffset: BarLayout.replacements, as: UInt64.self)
    unsafe block.storeBytes(
      of: count + 1, toByteOffset: BarLayout.replacements, as: UInt64.self)
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
    // The first change since the latest table; what that did not know yet is noted again, and so may
    // be what was replaced.
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
    let known = unsafe before == size ? bytes.load(as: BarHeader.self) : BarHeader()
    let isAppended = known.replacements == header.replacements
    if log.reaches(known.position) {
      for place in known.position..<log.end {
        unsafe takeOver(log[place], into: bytes, isAppended)
      }
    } else {
      for symbol in 0..<header.symbolCount { unsafe takeOver(symbol, into: bytes, isAppended) }
    }
    unsafe writing = bytes
    return unsafe bytes
  }

  /// Copies what the latest table has of a symbol and `table`, an older one, has not; all that is kept
  /// where some of it was replaced, unless `isAppended` says that nothing was.
  private func takeOver(
    _ symbol: Int, into table: UnsafeMutableRawPointer, _ isAppended: Bool
  ) {
    let source = unsafe UnsafeRawPointer(latest) + layout.block(symbol)
    let target = unsafe table + layout.block(symbol)
    let isAppended = unsafe isAppended || !Self.takeOverReplacements(from: source, to: target)
    if unsafe isAppended && Self.isSame(target, source) { return }
    unsafe takeOver(at: 0, from: source, to: target, isAppended) { place in
      let offset = BarLayout.bars + place * MemoryLayout<CleanBar>.stride
      unsafe (target + offset).copyMemory(
        from: source + offset, byteCount: MemoryLayout<CleanBar>.stride)
    }
    unsafe takeOver(at: 8, from: source, to: target, isAppended) { place in
      let start = layout.starts + 8 * place
      unsafe (target + start).copyMemory(from: source + start, byteCount: 8)
      let values = layout.values + 8 * layout.featureCount * place
      unsafe (target + values).copyMemory(
        from: source + values, byteCount: 8 * layout.featureCount)
    }
  }

  /// Returns whether something was replaced there since.
  @inline(never)
  private static func takeOverReplacements(
    from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer
  ) -> Bool {
    let count = unsafe source.load(fromByteOffset: BarLayout.replacements, as: UInt64.self)
    let known = unsafe target.load(fromByteOffset: BarLayout.replacements, as: UInt64.self)
    unsafe target.storeBytes(of: count, toByteOffset: BarLayout.replacements, as: UInt64.self)
    return count != known
  }

  /// Has `copy` called for the places of what is newer there, of all unless it was only appended,
  /// and takes over the count at `offset`.
  private func takeOver(
    at offset: Int, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer,
    _ isAppended: Bool, _ copy: (Int) -> Void
  ) {
    let count = unsafe source.load(fromByteOffset: offset, as: UInt64.self)
    let known = unsafe isAppended ? target.load(fromByteOffset: offset, as: UInt64.self) : 0
    let kept = min(count, UInt64(layout.depth))
    for index in max(known, count - kept)..<count { layout.forEachPlace(of: index, copy) }
    unsafe target.storeBytes(of: count, toByteOffset: offset, as: UInt64.self)
  }

  /// Whether two states of one symbol, of which one is later by what was appended, are the same.
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

  /// Makes the next table the latest, as the one of this number.
  mutating func publishAgain(_ number: UInt64, _ clock: Timestamp) throws(CoreError) {
    header.number = number - 1
    try publish(clock: clock)
  }

  /// Symbols in the latest table.
  public var symbolCount: Int { unsafe latest.load(as: BarHeader.self).symbolCount }

  /// Values in a feature row.
  public var featureCount: Int { layout.featureCount }

  /// How many bars a symbol has had, and those of them in the latest table.
  func latestBars(of symbol: SymbolID) -> (count: UInt64, bars: [CleanBar]) {
    if symbol.index >= symbolCount { return (0, []) }
    let block = unsafe latest + layout.block(symbol.index)
    let count = unsafe block.load(as: UInt64.self)
    let places = layout.places(newest: layout.depth, of: count)
    return (
      count,
      places.map { place in
        unsafe block.load(
          fromByteOffset: BarLayout.bars + place * MemoryLayout<CleanBar>.stride, as: CleanBar.self)
      }
    )
  }

  /// How many feature rows a symbol has had, and those of them in the latest table.
  func latestRows(
    of symbol: SymbolID
  ) -> (count: UInt64, starts: [Timestamp], values: [Double]) {
    if symbol.index >= symbolCount { return (0, [], []) }
    let block = unsafe latest + layout.block(symbol.index)
    let count = unsafe block.load(fromByteOffset: 8, as: UInt64.self)
    let places = layout.places(newest: layout.depth, of: count)
    let width = layout.featureCount
    let starts = places.map { place in
      unsafe block.load(fromByteOffset: layout.starts + 8 * place, as: Timestamp.self)
    }
    let values = (places.lowerBound * width..<places.upperBound * width).map { place in
      unsafe block.load(fromByteOffset: layout.values + 8 * place, as: Double.self)
    }
    return (count, starts, values)
  }
}
