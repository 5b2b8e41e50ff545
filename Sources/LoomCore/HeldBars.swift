internal import CLoomCore

/// The newest bars and feature rows of every symbol, as one table that stays as it is until this
/// value goes away or moves on.
@safe
public struct HeldBars: ~Copyable, @unchecked Sendable {
  // Safe to send: what is held is not written, and this value alone gives it back.
  private let storage: BoardStorage
  private let layout: BarLayout
  private var held: loom_held
  private var bytes: UnsafeRawPointer
  private var header: BarHeader

  init(storage: BoardStorage, layout: BarLayout, held: loom_held) {
    guard let bytes = unsafe held.bytes else { preconditionFailure("held, but no bytes") }
    self.storage = storage
    self.layout = layout
    unsafe self.held = held
    unsafe self.bytes = bytes
    header = unsafe bytes.load(as: BarHeader.self)
  }

  deinit { unsafe loom_board_release(storage.handle, held.slot) }

  /// The number of the table: 1, 2, 3 … without a gap; 0 before the first.
  public var number: UInt64 { header.number }
  /// The moment it was published as of.
  public var clock: Timestamp { header.clock }
  /// Number of symbols, in order of registration.
  public var symbolCount: Int { header.symbolCount }

  /// Gives this table back and holds the latest one; returns how many came in between and were
  /// missed.
  ///
  /// - Complexity: O(1), wait-free.
  @discardableResult
  public mutating func advance() -> Int {
    let number = header.number
    unsafe loom_board_advance(storage.handle, &held)
    if let bytes = unsafe held.bytes { unsafe self.bytes = bytes }
    header = unsafe bytes.load(as: BarHeader.self)
    return header.number > number ? Int(header.number - number) - 1 : 0
  }

  /// How many bars the symbol has had, also those that are kept no more.
  public func barCount(of symbol: SymbolID) -> UInt64 { count(at: 0, symbol) }

  /// How many feature rows the symbol has had, also those that are kept no more.
  public func rowCount(of symbol: SymbolID) -> UInt64 { count(at: 8, symbol) }

  /// The symbol's newest bar, nil where it has none.
  public func latestBar(of symbol: SymbolID) -> CleanBar? {
    withBars(of: symbol, last: 1) { bars in bars.isEmpty ? nil : bars[0] }
  }

  /// The features at the symbol's newest valid bar, nil where it has none.
  public func latestRow(of symbol: SymbolID) -> FeatureRow? {
    withRows(of: symbol, last: 1) { starts, values in
      if starts.isEmpty { return nil }
      var row = FeatureRow(start: starts[0], symbol: symbol, count: values.count)
      for index in values.indices { row.values[index] = values[index] }
      return row
    }
  }

  /// Lets `body` read the symbol's last bars in place, the newest last.
  ///
  /// - Parameters:
  ///   - symbol: The symbol; one without a bar has an empty span.
  ///   - last: Most of them, where the board keeps so many.
  ///   - body: Is given the bars.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  /// - Complexity: O(1) and what `body` takes.
  public func withBars<Result, Failure: Error>(
    of symbol: SymbolID, last: Int = .max, _ body: (Span<CleanBar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let places = layout.places(newest: last, of: barCount(of: symbol))
    let begin = unsafe block(symbol) + BarLayout.bars
    let bars = unsafe UnsafeBufferPointer(
      start: begin.assumingMemoryBound(to: CleanBar.self) + places.lowerBound, count: places.count)
    return try body(unsafe bars.span)
  }

  /// Lets `body` read the symbol's last feature rows in place, the newest last.
  ///
  /// - Parameters:
  ///   - symbol: The symbol; one without a row has empty spans.
  ///   - last: Most of them, where the board keeps so many.
  ///   - body: Is given the starts of the bars, and the values row by row.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  /// - Complexity: O(1) and what `body` takes.
  public func withRows<Result, Failure: Error>(
    of symbol: SymbolID, last: Int = .max,
    _ body: (Span<Timestamp>, Span<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let places = layout.places(newest: last, of: rowCount(of: symbol))
    let block = unsafe block(symbol)
    let starts = unsafe UnsafeBufferPointer(
      start: (block + layout.starts).assumingMemoryBound(to: Timestamp.self) + places.lowerBound,
      count: places.count)
    let width = layout.featureCount
    let values = unsafe UnsafeBufferPointer(
      start: (block + layout.values).assumingMemoryBound(to: Double.self)
        + places.lowerBound * width,
      count: places.count * width)
    return try body(unsafe starts.span, unsafe values.span)
  }

  private func count(at offset: Int, _ symbol: SymbolID) -> UInt64 {
    symbol.index < header.symbolCount
      ? unsafe block(symbol).load(fromByteOffset: offset, as: UInt64.self) : 0
  }

  /// Of a symbol that is not there only the count is used, which is 0.
  private func block(_ symbol: SymbolID) -> UnsafeRawPointer {
    unsafe bytes + (symbol.index < header.symbolCount ? layout.block(symbol.index) : 0)
  }
}
