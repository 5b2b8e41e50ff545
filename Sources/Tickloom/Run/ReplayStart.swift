internal import LoomJournal

/// Where a replay begins of a store whose retention has deleted the first inputs.
struct ReplayStart: Sendable {
  /// The snapshot behind which it takes the inputs.
  let stored: StoredSnapshot
  /// The names of the symbols, by their identifiers.
  let symbols: [String]
  private let path: String
  private let deleted: UInt64

  /// Takes the oldest snapshot.
  ///
  /// - Throws: ``RunError`` where there is none of use.
  init(_ outline: StoreOutline, path: String) throws(RunError) {
    deleted = outline.retained.inputs
    do throws(JournalError) {
      guard let found = try StoredSnapshot.oldest(in: path, where: RunSnapshot.isReplayable) else {
        throw .deletedInputs(path: path, through: deleted)
      }
      stored = found
    } catch { throw .store(error) }
    symbols = outline.symbols
    self.path = path
  }

  /// Says in a summary of what it is.
  func tell(_ summary: inout RunSummary) {
    let sequence = stored.snapshot.sequence
    summary.warnings.append(
      "\(path): --keep has deleted the inputs 1 to \(deleted); what is exported came of those behind"
        + " \(sequence), the counts are of all")
  }
}

extension RunConfiguration {
  /// Where the replay begins; nil at the first input, and for what is no replay.
  ///
  /// Of some symbols or some while only, it begins anew with the first of these.
  func replayStart() throws(RunError) -> ReplayStart? {
    guard let replayedStore, importing.symbols.isEmpty, importing.from == nil, importing.to == nil
    else { return nil }
    let outline: StoreOutline
    do throws(JournalError) { outline = try StoreOutline(path: replayedStore) } catch {
      throw .store(error)
    }
    if outline.retained.inputs == 0 { return nil }
    if storePath != nil {
      throw .store(.deletedInputs(path: replayedStore, through: outline.retained.inputs))
    }
    return try ReplayStart(outline, path: replayedStore)
  }

  /// The same, beginning there.
  func replaying(from start: ReplayStart?) -> RunConfiguration {
    guard let start else { return self }
    var configuration = self
    configuration.replayedFrom = start.stored
    return configuration
  }
}
