extension BarBoard {
  /// Transfers the table published last, and publishes it again.
  ///
  /// Nothing was added since. Of a board of other depth or features it makes no sense.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    var (number, clock, count) = (self.number, self.clock, symbolCount)
    try coder.sequence(&number)
    try coder.value(&clock)
    try coder.length(&count)
    for symbol in 0..<count {
      try transfer(SymbolID(rawValue: UInt32(symbol)), through: &coder)
    }
    try coder.require(number > 0 || count == 0, "a table that was never published")
    if !Coder.isReading || number == 0 { return }
    try coder.core { () throws(CoreError) in try publishAgain(number, clock) }
  }

  private mutating func transfer<Coder: SnapshotCoder>(
    _ symbol: SymbolID, through coder: inout Coder
  ) throws(SnapshotError) {
    var (barCount, bars) = latestBars(of: symbol)
    var (rowCount, starts, values) = latestRows(of: symbol)
    try coder.sequence(&barCount)
    try coder.values(&bars)
    try coder.sequence(&rowCount)
    try coder.values(&starts)
    try coder.values(&values)
    if !Coder.isReading { return }
    try coder.require(UInt64(bars.count) == min(barCount, UInt64(depth)), "bars of a table")
    try coder.require(UInt64(starts.count) == min(rowCount, UInt64(depth)), "rows of a table")
    try coder.require(values.count == starts.count * featureCount, "values of a table")
    try coder.core { () throws(CoreError) in
      try replaceBars(of: symbol, by: bars.span, count: barCount)
      try replaceRows(of: symbol, starts: starts.span, values: values.span, count: rowCount)
    }
  }
}
