public import LoomCore

extension BarPublisher {
  /// Transfers what was published last, and what waits for the market clock.
  ///
  /// All that was taken is published. Of a publisher of other depth it makes no sense.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    precondition(!isChanged, "there are bars that are not published")
    try coder.section("tables")
    try newest.transfer(through: &coder)
    try consistent.transfer(through: &coder)
    try waiting.transfer(of: newest.symbolCount, through: &coder)
    try coder.states(&symbols) { CorrectableBars() }
    for bars in symbols {
      let suffice = bars.suffice(depth: newest.depth, featureCount: newest.featureCount)
      try coder.require(suffice, "bars that can be corrected")
    }
  }
}
