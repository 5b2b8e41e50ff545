internal import LoomCore

/// The correlations of the symbols that have returns, each in a column of its own.
///
/// A symbol is in the matrix from the row of its first return on. Rolling, an anchor (a row number
/// divisible by the window) lets go of those without a return in the window; one that returns comes
/// in again. So all of it is a function of the rows since the last anchor but one.
struct MatrixEstimator: ~Copyable {
  var columns = MatrixColumns()
  var correlation: Correlation
  /// Rows from one anchor to the next; nil where there are none.
  let window: Int?
  /// Rows up to the next anchor, its own among them; never 0.
  private var rowsToAnchor: Int

  /// Creates an estimator without columns; `firstRow` rows went before.
  init(
    _ configuration: CorrelationConfiguration, capacity: Int, firstRow: Int = 0
  ) throws(CoreError) {
    let correlation = try Correlation(configuration, capacity: capacity, firstRow: firstRow)
    self.correlation = correlation
    switch configuration.estimator {
    case .rolling(let window):
      self.window = window
      rowsToAnchor = window - firstRow % window
    case .exponential:
      window = nil
      rowsToAnchor = .max
    }
  }

  /// Columns there is room for.
  var capacity: Int { correlation.capacity }

  /// Whether the next row is that of an anchor.
  var isBeforeAnchor: Bool { rowsToAnchor == 1 }

  /// What every joint count is; nil where they may differ.
  var sharedRows: Int? { correlation.sharedRows }

  /// Makes room, unless there is as much.
  mutating func grow(to capacity: Int) throws(CoreError) {
    if capacity > correlation.capacity { try correlation.grow(to: capacity) }
  }

  /// Takes over the state of `other`, bit for bit, which stays as it is but may be given room.
  mutating func assign(_ other: inout MatrixEstimator) throws(CoreError) {
    try grow(to: other.capacity)
    try other.grow(to: capacity)
    correlation.assign(other.correlation)
    columns = other.columns
    rowsToAnchor = other.rowsToAnchor
  }

  /// Sees to it that the symbols of a row have columns; whether the columns are others now.
  ///
  /// - Throws: ``LoomCore/CoreError``; nothing has changed.
  @inline(__always)
  mutating func enter(_ row: ReturnRow) throws(CoreError) -> Bool {
    columns.hold(row) ? false : try enterNew(row)
  }

  @inline(never)
  private mutating func enterNew(_ row: ReturnRow) throws(CoreError) -> Bool {
    let needed = columns.count + columns.newCount(in: row)
    if needed > capacity { try grow(to: try Self.capacity(for: needed, after: capacity)) }
    columns.append(row)
    return true
  }

  /// Takes a row that was entered and writes the correlations after it; not at an anchor.
  @inline(__always)
  mutating func take(_ row: ReturnRow, writing correlations: inout MutableSpan<Double>) {
    precondition(rowsToAnchor > 1, "an anchor may change what is written")
    rowsToAnchor -= 1
    if columns.areFirst {
      let count = min(row.returns.count, columns.count)
      Self.take(row.returns, count, writing: &correlations, by: &correlation)
    } else {
      columns.enter(row)
      Self.take(columns.returns, columns.count, writing: &correlations, by: &correlation)
    }
  }

  /// Takes a row that was entered; whether the columns are others after it, as an anchor may have
  /// it.
  @discardableResult
  mutating func take(_ row: ReturnRow) -> Bool {
    if columns.areFirst {
      Self.take(row.returns, min(row.returns.count, columns.count), by: &correlation)
    } else {
      columns.enter(row)
      Self.take(columns.returns, columns.count, by: &correlation)
    }
    return noteRows(1)
  }

  /// Takes `count` rows that were entered and end at an anchor, row-major by columns.
  mutating func backfill(_ rows: Span<Double>, count: Int) {
    precondition(count == rowsToAnchor, "\(count) rows, \(rowsToAnchor) to the anchor")
    correlation.backfill(rows, count: count)
    _ = noteRows(count)
  }

  func copyCorrelations(into packed: inout MutableSpan<Double>) {
    correlation.copyCorrelations(into: &packed)
  }

  func copyJointRows(into packed: inout MutableSpan<Int32>) {
    correlation.copyJointRows(into: &packed)
  }

  /// Everything about two symbols.
  func pair(_ first: SymbolID, _ second: SymbolID) -> CorrelationPair {
    guard let one = columns.column(of: first), let other = columns.column(of: second) else {
      return .notActive
    }
    return correlation[one, other]
  }

  // Static, as the columns and the estimator are used together.
  private static func take(
    _ returns: [Double], _ count: Int, writing correlations: inout MutableSpan<Double>,
    by correlation: inout Correlation
  ) {
    correlation.update(returns.span.extracting(first: count), writing: &correlations)
  }

  private static func take(_ returns: [Double], _ count: Int, by correlation: inout Correlation) {
    correlation.update(returns.span.extracting(first: count))
  }

  private mutating func noteRows(_ count: Int) -> Bool {
    rowsToAnchor -= count
    guard rowsToAnchor == 0, let window else { return false }
    rowsToAnchor = window
    return arrange()
  }

  /// Lets go of who has been silent for a window.
  private mutating func arrange() -> Bool {
    if columns.areSorted, areAllActive { return false }
    let sources = columns.keep((0..<columns.count).map { column in correlation.isActive(column) })
    correlation.arrange(sources.span)
    return true
  }

  private var areAllActive: Bool {
    for column in 0..<columns.count where !correlation.isActive(column) { return false }
    return true
  }

  /// A quarter more than the room there was, or what is needed, as far as a matrix can grow.
  ///
  /// Room costs its square: twice of it would be four times the memory, beside the old that is
  /// copied. With a quarter all copies together cost less than three of the last.
  static func capacity(for symbolCount: Int, after capacity: Int) throws(CoreError) -> Int {
    guard symbolCount <= Correlation.maximumSymbols else { throw .tooManySymbols }
    let more = capacity + max(firstCapacity, capacity / 4)
    return max(symbolCount, min(more, Correlation.maximumSymbols))
  }

  /// Columns there is room for at first.
  static var firstCapacity: Int { 16 }

  /// Bytes of an estimator that as many symbols can have entered, in whatever steps, and of the one
  /// beside it that it was copied from when it grew last.
  static func bytesMaximum(
    _ configuration: CorrelationConfiguration, symbols: Int
  ) -> (estimator: Int, old: Int) {
    let before = min(symbols, Correlation.maximumSymbols) - 1
    if before < firstCapacity {
      return (Correlation.bytes(configuration, capacity: firstCapacity), 0)
    }
    let most = (try? capacity(for: before + 1, after: before)) ?? before + 1
    return (
      Correlation.bytes(configuration, capacity: most),
      Correlation.bytes(configuration, capacity: before)
    )
  }
}
