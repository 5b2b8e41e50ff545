internal import LoomCore

extension MatrixEstimator {
  /// Transfers the columns, and what the rest is a function of: rolling, the rows since the anchor
  /// before the last one; exponential, the moments of each pair.
  ///
  /// Written, a rolling one has no rows that were taken in bulk since its last anchor.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("matrix")
    var kept = columns
    try kept.transfer(through: &coder)
    switch correlation.configuration.estimator {
    case .rolling(let window): try transferRows(kept, window, through: &coder)
    case .exponential: try transferMoments(kept, through: &coder)
    }
  }

  private mutating func transferMoments<Coder: SnapshotCoder>(
    _ columns: MatrixColumns, through coder: inout Coder
  ) throws(SnapshotError) {
    var moments = correlation.moments
    try coder.values(&moments)
    if !Coder.isReading { return }
    try coder.core { () throws(CoreError) in try grow(to: columns.count) }
    try correlation.restore(moments: moments)
    try coder.require(correlation.symbolCount == columns.count, "moments of columns")
    self.columns = columns
  }

  private mutating func transferRows<Coder: SnapshotCoder>(
    _ columns: MatrixColumns, _ window: Int, through coder: inout Coder
  ) throws(SnapshotError) {
    var (first, end) = (correlation.firstKnownRow, correlation.rowCount)
    var rows = Coder.isReading ? [] : knownRows
    try coder.count(&first)
    try coder.count(&end)
    try coder.values(&rows)
    if !Coder.isReading { return }
    try coder.require(first == max(0, end / window * window - window), "the first row")
    let (size, overflow) = (end - first).multipliedReportingOverflow(by: columns.count)
    try coder.require(end >= first && !overflow && size == rows.count, "rows of returns")
    try coder.require(end == 0 || columns.count > 0, "rows of returns")
    let all = ReturnRow.rows(rows, columns)
    try coder.core { () throws(CoreError) in
      try rebuild(from: all.count, after: first, &rows) { all[$0] }
    }
    try coder.require(self.columns.symbols == columns.symbols, "columns of rows")
    self.columns = columns
  }

  /// The rows that the state is a function of, in columns as they are now.
  private var knownRows: [Double] {
    var row = [Double](repeating: .nan, count: columns.count)
    var all: [Double] = []
    all.reserveCapacity((correlation.rowCount - correlation.firstKnownRow) * columns.count)
    for number in correlation.firstKnownRow..<correlation.rowCount {
      var room = row.mutableSpan
      correlation.copyRow(number, into: &room)
      all.append(contentsOf: row)
    }
    return all
  }

  /// Becomes the estimator that has taken `count` rows, the first of them after `first` others.
  ///
  /// A rolling one; `first` is the anchor before the last one, or 0. `block` is room that is used
  /// again.
  @inline(__always)
  mutating func rebuild(
    from count: Int, after first: Int, _ block: inout [Double], _ row: (Int) -> ReturnRow
  ) throws(CoreError) {
    guard let window else { preconditionFailure("of an exponential one rows are no state") }
    var fresh = try MatrixEstimator(
      correlation.configuration, capacity: capacity, firstRow: first)
    // Up to an anchor many at once have the same bits as one after the other.
    let bulk = max(first, (first + count) / window * window) - first
    for place in 0..<bulk { _ = try fresh.enter(row(place)) }
    if bulk > 0 {
      block.removeAll(keepingCapacity: true)
      for place in 0..<bulk { fresh.columns.append(row(place), to: &block) }
      fresh.backfill(block.span, count: bulk)
    }
    for place in bulk..<count {
      let row = row(place)
      _ = try fresh.enter(row)
      fresh.take(row)
    }
    self = fresh
  }
}

extension ReturnRow {
  /// Rows of all symbols, from others by columns.
  fileprivate static func rows(_ values: [Double], _ columns: MatrixColumns) -> [ReturnRow] {
    if columns.count == 0 { return [] }
    return stride(from: 0, to: values.count, by: columns.count).map { begin in
      var returns = [Double](repeating: .nan, count: columns.symbolCount)
      for (column, symbol) in columns.symbols.enumerated() {
        returns[symbol.index] = values[begin + column]
      }
      return ReturnRow(start: .distantPast, returns: returns)
    }
  }
}
