internal import LoomCore

/// Finds the versions in which the return of one slot and symbol counts.
struct ReturnTracker {
  private(set) var use: RowUse?
  private let symbol: SymbolID
  private let window: Int?
  /// Whether its row has been taken back and may come again.
  private var isSuspended = false
  let start: Timestamp

  init(_ symbol: SymbolID, at start: Timestamp, _ settings: PipelineConfiguration) {
    self.symbol = symbol
    self.start = start
    switch settings.correlation.estimator {
    case .rolling(let window): self.window = window
    case .exponential: window = nil
    }
  }

  /// Takes note of the row with that place among all, which `version` is the first to hold.
  mutating func take(_ rows: borrowing JoinedRows, number: Int, version: UInt64) {
    if use?.last != nil, !isSuspended { return }
    if rows.row.start == start, !rows.value(symbol).isNaN {
      let first = use?.first ?? version
      use = RowUse(
        start: start, logReturn: rows.value(symbol), first: first, last: nil, number: number)
      isSuspended = false
    }
    guard let use, let window, use.last == nil, number - use.number >= window else { return }
    self.use?.last = version - 1
  }

  /// Takes note that the rows from `start` on come again, as `version` has them.
  mutating func rewind(to start: Timestamp, version: UInt64) {
    guard start <= self.start, use != nil, use?.last == nil else { return }
    // Where it does not come again, this is what ends it.
    use?.last = version - 1
    isSuspended = true
  }

  /// Whether the versions after that of the row at `start` tell nothing more.
  func isOver(at start: Timestamp) -> Bool {
    guard let use else { return start > self.start }
    return use.last != nil || window == nil
  }
}
