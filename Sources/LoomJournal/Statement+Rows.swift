internal import LoomCore

extension Statement {
  /// Binds the columns of the table `blocks`: a block of the group that begins at `first`.
  mutating func bind(
    _ id: Int64, of first: UInt64, _ header: BlockHeader, _ block: RawSpan
  ) {
    bind(id, at: 1)
    bind(Int64(bitPattern: first), at: 2)
    bind(Int64(bitPattern: header.sequences.lowerBound), at: 3)
    bind(Int64(bitPattern: header.sequences.upperBound), at: 4)
    bind(header.times.lowerBound.nanoseconds, at: 5)
    bind(header.times.upperBound.nanoseconds, at: 6)
    bind(Int64(header.symbols.lowerBound.rawValue), at: 7)
    bind(Int64(header.symbols.upperBound.rawValue), at: 8)
    bind(Int64(header.count), at: 9)
    bind(block, at: 10)
  }

  /// Binds the columns of the table `bars` to the parameters after `before`.
  mutating func bind(_ clean: CleanBar, after before: Int32) {
    let bar = clean.bar
    bind(bar.start.nanoseconds, at: before + 1)
    bind(Int64(bar.symbol.rawValue), at: before + 2)
    bind(bar.open, at: before + 3)
    bind(bar.high, at: before + 4)
    bind(bar.low, at: before + 5)
    bind(bar.close, at: before + 6)
    bind(bar.volume, at: before + 7)
    bind(clean.logReturn, at: before + 8)
    bind(bar.spreadEstimate, at: before + 9)
    bind(clean.flags.contains(.outlier), at: before + 10)
    bind(clean.isValid, at: before + 11)
    bind(Int64(bar.source.rawValue), at: before + 12)
    bind(bar.tickCount, at: before + 13)
    bind(bar.vwap, at: before + 14)
    bind(bar.gapSlots, at: before + 15)
    bind(Int64(bitPattern: bar.firstSequence), at: before + 16)
    bind(Int64(bitPattern: bar.lastSequence), at: before + 17)
    bind(Int64(bar.revision), at: before + 18)
  }
}
