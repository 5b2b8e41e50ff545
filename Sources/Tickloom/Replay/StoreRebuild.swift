internal import LoomJournal
public import LoomSystem

/// What a store holds, compared bit for bit with what its inputs give when they are taken once more.
public struct StoreRebuild: Sendable {
  /// What the run is: `finished`, `running` or `recovered`.
  public let state: String
  /// How many inputs were taken.
  public let inputs: Int
  /// What was found, table by table.
  public let tables: [RebuiltTable]
  /// From where on nothing could be compared; nil where everything could.
  public let cut: StoreCut?

  /// Whether the store lacks, beside others, rows that its inputs give: of an unfinished run they may
  /// not have been written yet, of a recovered one they are lost.
  private var mayLackRest: Bool { state != "finished" }

  /// How many rows are not what the inputs give, or are not there.
  public var differences: Int {
    tables.reduce(0) { count, table in
      var found = table.changed + table.superfluous
      if state != "recovered" { found += table.missing }
      if !mayLackRest { found += table.unwritten?.count ?? 0 }
      return count + found
    }
  }

  /// Whether the store holds inputs alone, as those of engines do: there is nothing to compare.
  public var holdsInputsAlone: Bool { tables.isEmpty }

  /// Whether everything that could be compared is equal, and all could be read.
  public var isSound: Bool {
    differences == 0 && tables.allSatisfy { $0.failure == nil } && !isDamaged
  }

  /// The input behind which it was compared, as the retention of the store has deleted those before;
  /// 0 from the first on.
  public let start: UInt64

  /// Whether inputs cannot be read that the store is not known to lack.
  public let isDamaged: Bool

  /// Takes the inputs of the store at `path` once more, and compares.
  ///
  /// - Parameters:
  ///   - path: The file; it may be being written.
  ///   - cancellation: Looked at between batches.
  ///   - progress: Called on the calling thread after each batch of some thousand inputs.
  /// - Returns: What was found.
  /// - Throws: ``RunError`` where it cannot be made again: no store, none with inputs, other features.
  /// - Complexity: O(inputs + rows); in memory O(symbols² + window · symbols), however many rows.
  public static func perform(
    path: String, cancellation: Cancellation = Cancellation(),
    progress: (Run.Progress) -> Void = { _ in }
  ) throws(RunError) -> StoreRebuild {
    do {
      var replay = try StoreReplay(path: path)
      try replay.beginBehindDeleted()
      // Before the inputs: what is read of these later holds at least what the results came of.
      let stored = try StoredResults(path: path, behind: replay.start)
      let state = stored.state
      if stored.counts.isEmpty {
        return StoreRebuild(
          state: state, inputs: 0, tables: [], cut: nil, start: 0, isDamaged: false)
      }
      try replay.requireFeatures()
      let corrections = try replay.settings().normalization.corrections
      let outline = replay.outline
      var consumer = RebuildConsumer(
        stored,
        RebuildLabels(symbols: outline.symbols, features: outline.featureNames), corrections,
        behind: replay.start)
      var taken = 0
      let ending = try replay.perform(into: &consumer, cancellation) {
        taken = $1.ticks
        progress($1)
      }
      var cut: StoreCut?
      if case .cut(let found) = ending { cut = found }
      return StoreRebuild(
        state: state, inputs: taken, tables: consumer.finish(isCut: cut != nil), cut: cut,
        start: replay.start?.snapshot.sequence ?? 0,
        isDamaged: cut != nil && replay.firstCut != cut)
    } catch {
      throw RunError(error)
    }
  }
}
