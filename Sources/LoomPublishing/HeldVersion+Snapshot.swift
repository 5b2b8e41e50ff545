public import LoomCore
public import LoomSystem

extension HeldVersion {
  /// The version number: 1, 2, 3 … without a gap; 0 before the first.
  public var number: UInt64 { header.number }

  /// The newest row it holds, by the start of its slot.
  public var start: Timestamp { header.start }

  /// Number of symbols, in order of registration, whether or not they are in the matrix.
  public var symbolCount: Int { header.symbolCount }

  /// Hash over the configuration and every row so far: equal hashes mean equal inputs.
  public var hash: Hash128 { header.hash }

  /// A copy over all symbols that may be kept for as long as wanted.
  ///
  /// - Complexity: O(symbols²), allocates.
  public func snapshot() -> CorrelationSnapshot {
    CorrelationSnapshot(
      number: number, start: start, hash: hash, symbolCount: symbolCount,
      correlations: withCorrelations { overAllSymbols($0, filler: .nan) },
      jointCounts: withJointCounts { overAllSymbols($0, filler: 0) },
      correctingSequence: header.correctingSequence)
  }

  /// A packed triangle over all symbols in order of registration, from one over the columns.
  package func overAllSymbols<Value: BitwiseCopyable>(
    _ packed: Span<Value>, filler: Value
  ) -> [Value] {
    var all = [Value](repeating: filler, count: symbolCount * (symbolCount + 1) / 2)
    withSymbols { symbols in
      var place = 0
      for row in symbols.indices {
        for column in row..<symbols.count {
          let first = min(symbols[row], symbols[column]).index
          let second = max(symbols[row], symbols[column]).index
          all[first * (2 * symbolCount - first - 1) / 2 + second] = packed[place]
          place += 1
        }
      }
    }
    return all
  }
}

extension VersionHeader {
  /// Hash over the configuration and every row so far.
  public var hash: Hash128 {
    get { Hash128(high: hashHigh, low: hashLow) }
    set { (hashHigh, hashLow) = (newValue.high, newValue.low) }
  }
}
