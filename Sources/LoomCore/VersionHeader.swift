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
  /// Number of symbols, in order of registration, whether or not they are in the matrix.
  public internal(set) var symbolCount: Int
  /// Number of symbols in the matrix, each with a column of its own.
  public internal(set) var columnCount: Int
  /// Counts how often the columns of a board have changed; a record's list of symbols is that of
  /// this number.
  var arrangement: UInt64
  /// What every joint count is; −1 where they may differ.
  public var sharedRows: Int
  /// Journal sequence of the late tick that this version corrects; 0 in the version of a row.
  public internal(set) var correctingSequence: UInt64
  /// The symbol whose bars that tick corrects.
  public internal(set) var correctedSymbol: SymbolID
  /// How many bars it corrects.
  public internal(set) var correctedCount: UInt32

  /// Describes the version before the first.
  public init() {
    number = 0
    start = .distantPast
    hashHigh = 0
    hashLow = 0
    symbolCount = 0
    columnCount = 0
    arrangement = 0
    sharedRows = -1
    correctingSequence = 0
    correctedSymbol = .unknown
    correctedCount = 0
  }

  /// Pairs of columns in the packed upper triangle, the diagonal with them.
  public var pairCount: Int { columnCount * (columnCount + 1) / 2 }
}

/// Which bars a version corrects.
public struct VersionCorrection: Hashable, Sendable {
  /// Journal sequence of the late tick: the cause of the corrected bars.
  public let sequence: UInt64
  /// Their symbol.
  public let symbol: SymbolID
  /// Their starts, in order of time.
  public let bars: [Timestamp]

  /// Describes a correction.
  public init(sequence: UInt64, symbol: SymbolID, bars: [Timestamp]) {
    self.sequence = sequence
    self.symbol = symbol
    self.bars = bars
  }
}
