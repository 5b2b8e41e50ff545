public import LoomCore
internal import LoomSystem

/// Turns rows of returns into numbered versions of the correlation matrix.
///
/// Each version carries a hash over the one before, so that equal hashes mean equal inputs.
public struct VersionPublisher: ~Copyable {
  /// The version published last; its number is 0 before the first.
  public private(set) var latest: CorrelationSnapshot
  private var correlation: Correlation
  private var capacity: Int
  /// What all of `latest.jointCounts` are; nil where they may differ.
  private var sharedRows: Int?
  private var hasher = Hasher128()
  /// What the last row's returns are hashed from; reused.
  private var words: [UInt32] = []

  /// Creates a publisher that has published nothing.
  ///
  /// - Parameters:
  ///   - configuration: How correlations are estimated.
  ///   - configurationText: Every setting that decides a number, in a fixed spelling; its hash starts
  ///     the chain.
  /// - Throws: ``LoomCore/CoreError``; ``LoomCore/CoreError/blasThreads`` unless OpenBLAS runs one
  ///   thread.
  public init(
    configuration: CorrelationConfiguration, configurationText: String
  ) throws(CoreError) {
    capacity = 16
    correlation = try Correlation(configuration, capacity: capacity)
    latest = CorrelationSnapshot(hash: Hash128(of: configurationText.utf8Span.span))
  }

  /// Takes the next row and publishes its version as ``latest``.
  ///
  /// - Throws: ``LoomCore/CoreError`` when a symbol is new and there is no memory, or one too many.
  /// - Complexity: O(symbols²) per row; allocates only when symbols are new.
  public mutating func publish(_ row: ReturnRow) throws(CoreError) {
    try makeRoom(for: row.returns.count)
    Self.update(&correlation, row.returns.span, writing: &latest, &sharedRows)
    latest.number += 1
    latest.start = row.start
    latest.hash = hash(row)
  }

  private static func update(
    _ correlation: inout Correlation, _ returns: Span<Double>,
    writing snapshot: inout CorrelationSnapshot, _ sharedRows: inout Int?
  ) {
    var packed = snapshot.correlations.mutableSpan
    correlation.update(returns, writing: &packed)
    // While no symbol has a gap the counts stay what they are, and need not be written again.
    let before = sharedRows
    sharedRows = correlation.sharedRows
    if sharedRows != nil, sharedRows == before { return }
    var counts = snapshot.jointCounts.mutableSpan
    correlation.copyJointRows(into: &counts)
  }

  /// Everything about two symbols in the latest version.
  public func pair(_ first: SymbolID, _ second: SymbolID) -> CorrelationPair {
    correlation[first.index, second.index]
  }

  /// Copies out the covariances of the latest version, packed as its correlations.
  public func copyCovariances(into packed: inout MutableSpan<Double>) {
    correlation.copyCovariances(into: &packed)
  }

  private mutating func makeRoom(for symbolCount: Int) throws(CoreError) {
    if symbolCount <= latest.symbolCount { return }
    if symbolCount > capacity {
      let larger = try Self.capacity(for: symbolCount, after: capacity)
      try correlation.grow(to: larger)
      capacity = larger
    }
    let pairs = symbolCount * (symbolCount + 1) / 2
    latest.correlations = [Double](repeating: .nan, count: pairs)
    latest.jointCounts = [Int32](repeating: 0, count: pairs)
    latest.symbolCount = symbolCount
    sharedRows = nil
  }

  /// Twice the room there was, or what is needed, as far as a matrix can grow.
  static func capacity(for symbolCount: Int, after capacity: Int) throws(CoreError) -> Int {
    guard symbolCount <= Correlation.maximumSymbols else { throw .tooManySymbols }
    return max(symbolCount, min(2 * capacity, Correlation.maximumSymbols))
  }

  /// XXH3-128 over the hash before, T, and the identifier and bits of each present return.
  private mutating func hash(_ row: ReturnRow) -> Hash128 {
    hasher.reset()
    hasher.update(latest.hash)
    hasher.update(row.start.nanoseconds)
    Self.hash(row, into: &hasher, by: &words)
    return hasher.digest()
  }

  /// Three words a symbol, taken at once: a call for each number would cost more than the hash.
  private static func hash(
    _ row: ReturnRow, into hasher: inout Hasher128, by words: inout [UInt32]
  ) {
    let count = 3 * row.present.count
    while words.count < count { words.append(0) }
    var room = words.mutableSpan
    for (place, symbol) in row.present.enumerated() {
      let bits = row.returns[symbol.index].bitPattern
      room[3 * place] = symbol.rawValue
      room[3 * place + 1] = UInt32(truncatingIfNeeded: bits)
      room[3 * place + 2] = UInt32(truncatingIfNeeded: bits >> 32)
    }
    hasher.update(words.span.extracting(0..<count))
  }
}
