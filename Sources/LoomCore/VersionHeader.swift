/// What a published matrix says about itself; the record of a ``VersionBoard`` begins with it.
@frozen
public struct VersionHeader: BitwiseCopyable, Sendable {
  /// The version number: 1, 2, 3 … without a gap; 0 before the first.
  public var number: UInt64
  /// The newest row it holds, by the start of its slot.
  public var start: Timestamp
  /// Upper half of the hash over every row so far.
  public var hashHigh: UInt64
  /// Lower half of the hash over every row so far.
  public var hashLow: UInt64
  /// Number of symbols, in order of registration.
  public internal(set) var symbolCount: Int
  /// What every joint count is; −1 where they may differ.
  public var sharedRows: Int

  /// Describes the version before the first.
  public init() {
    number = 0
    start = .distantPast
    hashHigh = 0
    hashLow = 0
    symbolCount = 0
    sharedRows = -1
  }

  /// Pairs in the packed upper triangle, the diagonal with them.
  public var pairCount: Int { symbolCount * (symbolCount + 1) / 2 }
}
