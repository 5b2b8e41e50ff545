public import LoomCore
public import LoomSystem

extension HeldVersion {
  /// The version number: 1, 2, 3 … without a gap; 0 before the first.
  public var number: UInt64 { header.number }

  /// The newest row it holds, by the start of its slot.
  public var start: Timestamp { header.start }

  /// Number of symbols, in order of registration.
  public var symbolCount: Int { header.symbolCount }

  /// Hash over the configuration and every row so far: equal hashes mean equal inputs.
  public var hash: Hash128 { header.hash }

  /// A copy that may be kept for as long as wanted.
  ///
  /// - Complexity: O(symbols²), allocates.
  public func snapshot() -> CorrelationSnapshot {
    CorrelationSnapshot(
      number: number, start: start, hash: hash, symbolCount: symbolCount,
      correlations: withCorrelations { span in span.indices.map { span[$0] } },
      jointCounts: withJointCounts { span in span.indices.map { span[$0] } },
      correctingSequence: header.correctingSequence)
  }
}

extension VersionHeader {
  /// Hash over the configuration and every row so far.
  public var hash: Hash128 {
    get { Hash128(high: hashHigh, low: hashLow) }
    set { (hashHigh, hashLow) = (newValue.high, newValue.low) }
  }
}
