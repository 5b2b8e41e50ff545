internal import CLoomCore
internal import Synchronization

/// Publishes correlation matrices: one writer, and readers on any thread who read them in place.
///
/// The matrix is computed where it will be read; neither side copies it or waits for the other.
@safe
public struct VersionBoard: ~Copyable, @unchecked Sendable {
  // Safe to send: the noncopyable writer is the only one that begins and publishes records.
  private let storage: BoardStorage
  private var latest: UnsafeRawPointer
  private var columns = VersionColumns()

  /// Creates a board whose latest version is number 0, without symbols.
  ///
  /// - Parameter holders: How many versions may be held at one time; 1...4000. There are two more
  ///   matrices than that.
  /// - Throws: ``CoreError``.
  public init(holders: Int) throws(CoreError) {
    let storage = try BoardStorage(holders: holders)
    unsafe latest = try Self.publish(on: storage, VersionColumns()) { _, _, _ in }
    self.storage = storage
  }

  /// Bytes of one version's record where all symbols are in the matrix.
  public static func bytes(symbols: Int) -> Int {
    VersionLayout(columnCount: symbols, symbolCount: symbols).byteCount + 192
  }

  deinit { storage.end() }

  /// Tells readers that no version will follow; so does the end of this value.
  public func finish() { storage.end() }

  /// The latest version for the writer itself, which takes no place and is no hold: once the next
  /// one is published, ``HeldVersion/follow(_:)`` has to come before the one after it.
  package var latestForWriter: HeldVersion {
    unsafe HeldVersion(storage: storage, held: loom_held(bytes: latest, size: 0, slot: .max))
  }

  fileprivate var latestBytes: UnsafeRawPointer { unsafe latest }

  /// Where versions are read; any thread may have one.
  public var reader: VersionReader { VersionReader(storage: storage) }

  /// Says which symbols the matrices have from the next one on: `symbols` by column, of the
  /// `symbolCount` that are known.
  ///
  /// - Complexity: O(columns); each record takes O(`symbolCount`) when it is written next.
  public mutating func arrange(_ symbols: Span<SymbolID>, of symbolCount: Int) {
    columns.set(symbols, of: symbolCount)
  }

  /// Lets `fill` write the next version, over the first `symbolCount` symbols, and makes it the
  /// latest.
  ///
  /// - Parameters:
  ///   - symbolCount: Symbols of the matrix; their columns are their places.
  ///   - fill: As that of ``publish(_:)``.
  /// - Throws: ``CoreError/outOfMemory``; the latest version stays what it is.
  /// - Complexity: Allocates only where there are more symbols than before.
  public mutating func publish(
    symbolCount: Int,
    _ fill: (inout VersionHeader, inout MutableSpan<Double>, inout MutableSpan<Int32>) -> Void
  ) throws(CoreError) {
    precondition(symbolCount >= 0, "\(symbolCount) symbols")
    columns.setAll(symbolCount)
    try publish(fill)
  }

  /// Lets `fill` write the next version, with the columns as arranged, and makes it the latest.
  ///
  /// - Parameter fill: Is given the header, the packed correlations and the packed joint counts, all
  ///   as an older version of as many columns and symbols left them; of none (`sharedRows` −1,
  ///   anything) where there was no such version here.
  /// - Throws: ``CoreError/outOfMemory``; the latest version stays what it is.
  /// - Complexity: Allocates only where there are more columns or symbols than before.
  public mutating func publish(
    _ fill: (inout VersionHeader, inout MutableSpan<Double>, inout MutableSpan<Int32>) -> Void
  ) throws(CoreError) {
    unsafe latest = try Self.publish(on: storage, columns, fill)
  }

  /// The same with a version that says which bars it corrects.
  ///
  /// Allocates where more bars are corrected than before.
  public mutating func publish(
    correction: VersionCorrection,
    _ fill: (inout VersionHeader, inout MutableSpan<Double>, inout MutableSpan<Int32>) -> Void
  ) throws(CoreError) {
    let layout = columns.layout
    let corrected = layout.corrected
    let size = corrected + correction.bars.count * MemoryLayout<Timestamp>.stride
    let (bytes, _) = try unsafe storage.begin(size)
    unsafe Self.write(columns, layout, to: bytes)
    var header = VersionHeader()
    header.columnCount = layout.columnCount
    header.symbolCount = layout.symbolCount
    header.arrangement = columns.arrangement
    header.correctingSequence = correction.sequence
    header.correctedSymbol = correction.symbol
    header.correctedCount = UInt32(correction.bars.count)
    unsafe Self.fill(bytes, layout, &header, fill)
    for (place, start) in correction.bars.enumerated() {
      unsafe bytes.storeBytes(
        of: start, toByteOffset: corrected + place * MemoryLayout<Timestamp>.stride,
        as: Timestamp.self)
    }
    unsafe loom_board_publish(storage.handle)
    unsafe latest = UnsafeRawPointer(bytes)
  }

  @inline(__always)
  private static func publish(
    on storage: BoardStorage, _ columns: borrowing VersionColumns,
    _ fill: (inout VersionHeader, inout MutableSpan<Double>, inout MutableSpan<Int32>) -> Void
  ) throws(CoreError) -> UnsafeRawPointer {
    let layout = columns.layout
    let (bytes, before) = try unsafe storage.begin(layout.byteCount)
    var header = VersionHeader()
    if before == layout.byteCount { header = unsafe bytes.load(as: VersionHeader.self) }
    if header.columnCount != layout.columnCount || header.symbolCount != layout.symbolCount
      || header.correctedCount != 0
    {
      header = VersionHeader()
      header.columnCount = layout.columnCount
      header.symbolCount = layout.symbolCount
    }
    if header.arrangement != columns.arrangement {
      unsafe write(columns, layout, to: bytes)
      header.arrangement = columns.arrangement
    }
    unsafe self.fill(bytes, layout, &header, fill)
    unsafe loom_board_publish(storage.handle)
    return UnsafeRawPointer(bytes)
  }

  @inline(__always)
  private static func fill(
    _ bytes: UnsafeMutableRawPointer, _ layout: VersionLayout, _ header: inout VersionHeader,
    _ fill: (inout VersionHeader, inout MutableSpan<Double>, inout MutableSpan<Int32>) -> Void
  ) {
    let values = unsafe UnsafeMutableBufferPointer(
      start: (bytes + VersionLayout.correlations).assumingMemoryBound(to: Double.self),
      count: layout.pairCount)
    let counts = unsafe UnsafeMutableBufferPointer(
      start: (bytes + layout.jointCounts).assumingMemoryBound(to: Int32.self),
      count: layout.pairCount)
    var correlations = unsafe values.mutableSpan
    var jointCounts = unsafe counts.mutableSpan
    fill(&header, &correlations, &jointCounts)
    unsafe bytes.storeBytes(of: header, as: VersionHeader.self)
  }

  private static func write(
    _ columns: borrowing VersionColumns, _ layout: VersionLayout,
    to bytes: UnsafeMutableRawPointer
  ) {
    let symbols = unsafe UnsafeMutableBufferPointer(
      start: (bytes + layout.symbols).assumingMemoryBound(to: SymbolID.self),
      count: layout.columnCount)
    let table = unsafe UnsafeMutableBufferPointer(
      start: (bytes + layout.columns).assumingMemoryBound(to: Int32.self),
      count: layout.symbolCount)
    var symbolSpan = unsafe symbols.mutableSpan
    var columnSpan = unsafe table.mutableSpan
    columns.write(symbols: &symbolSpan, columns: &columnSpan)
  }
}

/// Finds the latest version of a ``VersionBoard``.
public struct VersionReader: Sendable {
  let storage: BoardStorage

  /// Holds the latest version; nil where as many are held as may be.
  ///
  /// - Complexity: O(1), wait-free.
  public func hold() -> HeldVersion? {
    var held = unsafe loom_held()
    guard unsafe loom_board_hold(storage.handle, &held) else { return nil }
    return unsafe HeldVersion(storage: storage, held: held)
  }

  /// Lets `body` read the latest version in place; nil where as many are held as may be.
  ///
  /// - Complexity: O(1) and what `body` takes; wait-free.
  public func withLatest<Result, Failure: Error>(
    _ body: (borrowing HeldVersion) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let version = hold() else { return nil }
    return try body(version)
  }

  /// Whether the writer has said, or its going away has, that no version will follow; who has
  /// seen it gets the last one.
  public var isFinished: Bool { storage.hasEnded }

  /// How many times something was published: tells that there is news without holding anything.
  ///
  /// - Complexity: O(1), wait-free.
  public var publishedCount: UInt64 { unsafe loom_board_count(storage.handle) }

  /// How many versions are held at this moment; at times one that is being refused is among them.
  public var held: Int { Int(unsafe loom_board_holders(storage.handle)) }

  /// How many versions may be held at one time.
  public var holders: Int { Int(unsafe loom_board_holders_max(storage.handle)) }
}

/// A version that stays as it is until this value goes away or moves on.
@safe
public struct HeldVersion: ~Copyable, @unchecked Sendable {
  // Safe to send: what is held is not written, and this value alone gives it back.
  private let storage: BoardStorage
  private var held: loom_held
  private var bytes: UnsafeRawPointer
  /// What the version says about itself.
  public private(set) var header: VersionHeader

  fileprivate init(storage: BoardStorage, held: loom_held) {
    guard let bytes = unsafe held.bytes else { preconditionFailure("held, but no bytes") }
    self.storage = storage
    unsafe self.held = held
    unsafe self.bytes = bytes
    header = unsafe bytes.load(as: VersionHeader.self)
  }

  deinit { if isHold { unsafe loom_board_release(storage.handle, held.slot) } }

  /// Whether it is to be given back: the writer's own view is not.
  private var isHold: Bool { unsafe held.slot != .max }

  /// Gives this version back and holds the latest one; returns how many came in between and were
  /// missed.
  ///
  /// - Complexity: O(1), wait-free.
  @discardableResult
  public mutating func advance() -> Int {
    precondition(isHold, "the writer's own view follows its board")
    let number = header.number
    unsafe loom_board_advance(storage.handle, &held)
    if let bytes = unsafe held.bytes { unsafe self.bytes = bytes }
    header = unsafe bytes.load(as: VersionHeader.self)
    return header.number > number ? Int(header.number - number) - 1 : 0
  }

  /// Moves the writer's own view on to what its board published last.
  package mutating func follow(_ board: borrowing VersionBoard) {
    precondition(!isHold, "a hold is moved on by advance()")
    unsafe bytes = board.latestBytes
    header = unsafe bytes.load(as: VersionHeader.self)
  }

  /// Lets `body` read every ρ, NaN where it is not defined.
  ///
  /// The upper triangle row by row, by columns: (0,0), (0,1) … (0,n−1), (1,1) … Which symbol a column
  /// is ``withSymbols(_:)`` tells.
  public func withCorrelations<Result, Failure: Error>(
    _ body: (Span<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe correlations.span)
  }

  /// Lets `body` read how many rows hold both symbols of each pair; laid out as the correlations.
  public func withJointCounts<Result, Failure: Error>(
    _ body: (Span<Int32>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe jointCounts.span)
  }

  /// Lets `body` read the symbols of the matrix, by column.
  public func withSymbols<Result, Failure: Error>(
    _ body: (Span<SymbolID>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let symbols = unsafe UnsafeBufferPointer(
      start: (bytes + layout.symbols).assumingMemoryBound(to: SymbolID.self),
      count: header.columnCount)
    return try body(unsafe symbols.span)
  }

  /// Which bars this version corrects; nil for the version of a row.
  ///
  /// - Complexity: O(bars), allocates.
  public var correction: VersionCorrection? {
    if header.correctingSequence == 0 { return nil }
    let starts = unsafe UnsafeBufferPointer(
      start: (bytes + layout.corrected).assumingMemoryBound(to: Timestamp.self),
      count: Int(header.correctedCount))
    return unsafe VersionCorrection(
      sequence: header.correctingSequence, symbol: header.correctedSymbol, bars: Array(starts))
  }

  /// The column of a symbol; nil where it is not in the matrix, whether it is known or not.
  ///
  /// - Complexity: O(1).
  public func column(of symbol: SymbolID) -> Int? {
    guard symbol.index < header.symbolCount else { return nil }
    let place = layout.columns + symbol.index * MemoryLayout<Int32>.stride
    let column = unsafe bytes.load(fromByteOffset: place, as: Int32.self)
    return column < 0 ? nil : Int(column)
  }

  /// ρ of two symbols in either order, NaN where it is not defined or one is not in the matrix.
  public subscript(first: SymbolID, second: SymbolID) -> Double {
    guard let place = place(first, second) else { return .nan }
    return unsafe correlations[place]
  }

  /// How many rows hold both symbols; 0 where one is not in the matrix.
  public func jointCount(_ first: SymbolID, _ second: SymbolID) -> Int {
    guard let place = place(first, second) else { return 0 }
    return Int(unsafe jointCounts[place])
  }

  private func place(_ first: SymbolID, _ second: SymbolID) -> Int? {
    guard let one = column(of: first), let other = column(of: second) else { return nil }
    let (row, column) = one < other ? (one, other) : (other, one)
    return row * (2 * header.columnCount - row - 1) / 2 + column
  }

  private var layout: VersionLayout {
    VersionLayout(columnCount: header.columnCount, symbolCount: header.symbolCount)
  }

  private var correlations: UnsafeBufferPointer<Double> {
    unsafe UnsafeBufferPointer(
      start: (bytes + VersionLayout.correlations).assumingMemoryBound(to: Double.self),
      count: header.pairCount)
  }

  private var jointCounts: UnsafeBufferPointer<Int32> {
    unsafe UnsafeBufferPointer(
      start: (bytes + layout.jointCounts).assumingMemoryBound(to: Int32.self),
      count: header.pairCount)
  }
}

/// Owns the C board; writer, readers and held versions share it and the last one frees it.
@safe
final class BoardStorage: @unchecked Sendable {
  // Safe to share: the C board synchronises one writer with its readers, and the writer is
  // noncopyable.
  let handle: OpaquePointer
  private let isEnded = Atomic(false)

  init(holders: Int) throws(CoreError) {
    var handle: OpaquePointer?
    try CoreError.check(unsafe loom_board_create(UInt32(clamping: holders), &handle))
    guard let handle = unsafe handle else { preconditionFailure("created, but no handle") }
    unsafe self.handle = handle
  }

  deinit { unsafe loom_board_destroy(handle) }

  /// Where the writer writes the next record, and how many bytes of an older one stand there.
  @inline(__always)
  func begin(_ byteCount: Int) throws(CoreError) -> (UnsafeMutableRawPointer, Int) {
    var bytes: UnsafeMutableRawPointer?
    var before = 0
    try CoreError.check(unsafe loom_board_begin(handle, byteCount, &bytes, &before))
    guard let bytes = unsafe bytes else { preconditionFailure("begun, but no bytes") }
    return unsafe (bytes, before)
  }

  // Releasing and acquiring: who sees the end sees the record before it.
  func end() { isEnded.store(true, ordering: .releasing) }
  var hasEnded: Bool { isEnded.load(ordering: .acquiring) }
}
