public import LoomCore
public import LoomSystem

/// One published correlation matrix: which rows it is made of, and what came out.
///
/// A value like any other: keeping one costs a copy of its matrix when the next version appears, and
/// nothing otherwise.
public struct CorrelationSnapshot: Sendable {
  /// The version number: 1, 2, 3 … without a gap.
  public internal(set) var number: UInt64 = 0
  /// The newest row it holds, by the start of its slot.
  public internal(set) var start = Timestamp.distantPast
  /// Hash over the configuration and every row so far: equal hashes mean equal inputs.
  public internal(set) var hash: Hash128
  /// Number of symbols, in order of registration.
  public internal(set) var symbolCount = 0
  /// ρ, upper triangle row by row: (0,0), (0,1) … (0,n−1), (1,1) …; NaN where it is not defined.
  public internal(set) var correlations: [Double] = []
  /// How many rows hold both symbols of a pair; laid out as ``correlations``.
  public internal(set) var jointCounts: [Int32] = []
  /// Journal sequence of the late tick that it corrects, the cause of the bars revised with it; 0 for
  /// the version of a row.
  public internal(set) var correctingSequence: UInt64 = 0

  /// Creates a version from its parts; both triangles are packed as ``correlations`` says.
  public init(
    number: UInt64 = 0, start: Timestamp = .distantPast, hash: Hash128, symbolCount: Int = 0,
    correlations: [Double] = [], jointCounts: [Int32] = [], correctingSequence: UInt64 = 0
  ) {
    let pairs = symbolCount * (symbolCount + 1) / 2
    precondition(correlations.count == pairs, "\(correlations.count) values for \(pairs) pairs")
    precondition(jointCounts.count == pairs, "\(jointCounts.count) counts for \(pairs) pairs")
    self.number = number
    self.start = start
    self.hash = hash
    self.symbolCount = symbolCount
    self.correlations = correlations
    self.jointCounts = jointCounts
    self.correctingSequence = correctingSequence
  }

  /// Where the pair stands in the packed triangle.
  ///
  /// - Complexity: O(1).
  public func place(_ first: SymbolID, _ second: SymbolID) -> Int {
    let row = min(first.index, second.index)
    let column = max(first.index, second.index)
    precondition(column < symbolCount, "symbol \(column) of \(symbolCount)")
    return row * (2 * symbolCount - row - 1) / 2 + column
  }

  /// ρ of two symbols, NaN where it is not defined.
  public subscript(first: SymbolID, second: SymbolID) -> Double {
    correlations[place(first, second)]
  }

  /// How many rows hold both symbols.
  public func jointCount(_ first: SymbolID, _ second: SymbolID) -> Int {
    Int(jointCounts[place(first, second)])
  }
}
