public import LoomCore
internal import LoomSystem

/// Turns rows of returns into numbered versions of the correlation matrix.
///
/// Each version carries a hash over the one before, so that equal hashes mean equal inputs. It is
/// computed where its readers read it: see ``reader``.
public struct VersionPublisher: ~Copyable {
  /// The version published last; its number is 0 and it holds no symbol before the first.
  public private(set) var latest: HeldVersion
  private var board: VersionBoard
  var estimator: MatrixEstimator
  private var hasher = Hasher128()
  /// What the last row's returns are hashed from; reused.
  private var words: [UInt32] = []
  /// What corrections start from; nil where there are none.
  var correctable: CorrectableRows?
  /// Whether there are some: a look at the optional itself costs more.
  let isCorrectable: Bool

  /// Creates a publisher that has published nothing.
  ///
  /// - Parameters:
  ///   - configuration: How correlations are estimated.
  ///   - configurationText: Every setting that decides a number, in a fixed spelling; its hash starts
  ///     the chain.
  ///   - holders: How many versions readers may hold at one time; 1...4000. The matrices of all that
  ///     were ever held together stay allocated, and two more.
  ///   - correctable: How long before the newest row others can start and still be corrected; nil
  ///     where none are.
  /// - Throws: ``LoomCore/CoreError``; ``LoomCore/CoreError/blasThreads`` unless OpenBLAS runs one
  ///   thread.
  public init(
    configuration: CorrelationConfiguration, configurationText: String, holders: Int = 1,
    correctable: Nanoseconds? = nil
  ) throws(CoreError) {
    precondition(holders >= 1 && holders <= 4000, "\(holders) holders")
    let capacity = MatrixEstimator.firstCapacity
    let estimator = try MatrixEstimator(configuration, capacity: capacity)
    var rows: CorrectableRows?
    if let correctable {
      rows = try CorrectableRows(
        span: correctable, configuration: configuration, capacity: capacity)
    }
    let hash = Hash128(of: configurationText.utf8Span.span)
    var board = try VersionBoard(holders: holders)
    try board.publish(symbolCount: 0) { header, _, _ in header.hash = hash }
    latest = board.latestForWriter
    self.board = board
    self.estimator = estimator
    isCorrectable = correctable != nil
    self.correctable = rows
  }

  /// Bytes of the estimator once as many symbols may have come into it one by one, and of the one
  /// that stands beside it while it grows.
  public static func estimatorBytes(
    _ configuration: CorrelationConfiguration, symbols: Int
  ) -> (estimator: Int, old: Int) {
    MatrixEstimator.bytesMaximum(configuration, symbols: symbols)
  }

  /// Where the versions are read while newer ones appear, from any thread.
  public var reader: VersionReader { board.reader }

  /// Tells readers that no version will follow, which ends ``LoomCore/VersionReader/updates(every:clock:)``.
  public func finish() { board.finish() }

  /// Takes the next row and publishes its version as ``latest``.
  ///
  /// A symbol is in the matrix from the row of its first return on. Rolling, an anchor (a row number
  /// divisible by the window) lets go of those without a return in the window; one that returns
  /// comes in again.
  ///
  /// - Throws: ``LoomCore/CoreError`` when a symbol is new and there is no memory, or one too many;
  ///   the row is not taken, but at an anchor that ran out of memory.
  /// - Complexity: O(n²) per row, n the symbols in the matrix; allocates only when they change.
  public mutating func publish(_ row: ReturnRow) throws(CoreError) {
    if try estimator.enter(row) {
      try correctable?.grow(to: estimator.capacity)
      estimator.columns.tell(&board)
    }
    let number = latest.number + 1
    let hash = hash(row)
    let isTaken = estimator.isBeforeAnchor
    if isTaken, estimator.take(row) { estimator.columns.tell(&board) }
    try Self.publish(row, isTaken, number, hash, by: &estimator, on: &board)
    latest.follow(board)
    if isCorrectable { try correctable?.append(row) }
  }

  /// Publishes the version that a late tick makes, at the present T.
  ///
  /// Its matrix is the one that all rows give as they are now, bit for bit as if they had been so
  /// from the first: symbols may come into it or leave. T is the start of the newest row there was.
  /// Its hash is that over the hash before, T, and the slot (Int64), the symbol (UInt32) and the
  /// bits (UInt64, those of NaN for a return that is gone) of each return that is not what it was,
  /// in order of slot, then symbol.
  ///
  /// - Parameters:
  ///   - correction: The tick and the bars it corrects.
  ///   - start: Where the first of them starts.
  ///   - rows: All rows from `start` on as they are now, up to the newest there can be.
  /// - Throws: ``LoomCore/CoreError`` where there is no memory, or one symbol too many.
  /// - Complexity: Where a return changed, that of the rows of one and a half windows (rolling) or
  ///   of the rows that can be corrected (exponential); else O(symbols²). Allocates.
  public mutating func publish(
    _ correction: VersionCorrection, from start: Timestamp, rows: [ReturnRow]
  ) throws(CoreError) {
    guard let before = correctable?.rows(from: start) else {
      preconditionFailure("the rows are not kept")
    }
    let changes = ReturnChange.changes(from: before, to: rows)
    if before.count != rows.count || !zip(before, rows).allSatisfy({ $0.isSame(as: $1) }) {
      try correctable?.replace(from: start, by: rows)
      try correctable?.restore(&estimator)
      estimator.columns.tell(&board)
    }
    let moment = max(latest.start, correctable?.latestStart ?? .distantPast)
    let hash = hash(changes, at: moment)
    let number = latest.number + 1
    try Self.publish(correction, at: moment, number, hash, of: estimator, on: &board)
    latest.follow(board)
  }

  private static func publish(
    _ correction: VersionCorrection, at moment: Timestamp, _ number: UInt64, _ hash: Hash128,
    of estimator: borrowing MatrixEstimator, on board: inout VersionBoard
  ) throws(CoreError) {
    try board.publish(correction: correction) { header, correlations, jointCounts in
      estimator.copyCorrelations(into: &correlations)
      estimator.copyJointRows(into: &jointCounts)
      header.sharedRows = estimator.sharedRows ?? -1
      header.number = number
      header.start = moment
      header.hash = hash
    }
  }

  private mutating func hash(_ changes: [ReturnChange], at moment: Timestamp) -> Hash128 {
    hasher.reset()
    hasher.update(latest.hash)
    hasher.update(moment.nanoseconds)
    for change in changes {
      hasher.update(change.start.nanoseconds)
      hasher.update(change.symbol.rawValue)
      hasher.update(change.value.bitPattern)
    }
    return hasher.digest()
  }

  // Static, as the board and the estimator are used together.
  private static func publish(
    _ row: ReturnRow, _ isTaken: Bool, _ number: UInt64, _ hash: Hash128,
    by estimator: inout MatrixEstimator, on board: inout VersionBoard
  ) throws(CoreError) {
    try board.publish { header, correlations, jointCounts in
      if isTaken {
        estimator.copyCorrelations(into: &correlations)
      } else {
        estimator.take(row, writing: &correlations)
      }
      let shared = estimator.sharedRows ?? -1
      // While no symbol has a gap the counts are what an older version left here.
      if shared < 0 || shared != header.sharedRows {
        estimator.copyJointRows(into: &jointCounts)
      }
      header.sharedRows = shared
      header.number = number
      header.start = row.start
      header.hash = hash
    }
  }

  /// Everything about two symbols in the latest version.
  public func pair(_ first: SymbolID, _ second: SymbolID) -> CorrelationPair {
    estimator.pair(first, second)
  }

  /// Copies out the covariances of the latest version, packed as those of a
  /// ``CorrelationSnapshot`` are.
  public func copyCovariances(into packed: inout MutableSpan<Double>) {
    let symbols = 0..<UInt32(estimator.columns.symbolCount)
    var place = 0
    for first in symbols {
      for second in first..<symbols.upperBound {
        packed[place] = pair(SymbolID(rawValue: first), SymbolID(rawValue: second)).covariance
        place += 1
      }
    }
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

  /// Makes the matrix again from the rows that can change and those before them.
  mutating func rebuild() throws(CoreError) { try correctable?.restore(&estimator) }

  /// Publishes a version that was published before, of the matrix as it is.
  mutating func publishAgain(
    _ number: UInt64, _ start: Timestamp, _ hash: Hash128, _ correction: VersionCorrection?
  ) throws(CoreError) {
    estimator.columns.tell(&board)
    if let correction {
      try Self.publish(correction, at: start, number, hash, of: estimator, on: &board)
    } else {
      try Self.publish(
        ReturnRow(start: start, returns: []), true, number, hash, by: &estimator, on: &board)
    }
    latest.follow(board)
  }
}
