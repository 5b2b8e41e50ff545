internal import LoomCore
internal import LoomJournal
internal import LoomNormalization
internal import LoomPublishing

/// Compares everything that the inputs of a store give with what it holds.
struct RebuildConsumer: ~Copyable, ReplayConsumer {
  private var stored: StoredResults
  private var bars: RowComparison<CleanBar>
  private var features: RowComparison<FeatureRow>
  private var versions: RowComparison<StoredVersion>
  private var matrices: RowComparison<StoredMatrix>
  private var rejects: RowComparison<RejectedInput>
  /// What late ticks can still change; nil where they correct nothing.
  private var correctable: CorrectableResults?
  private var statistics = RunStatistics(sourceCount: 0, missingRows: 0)
  private var ticks: [SequencedTick] = []
  /// The inputs of the bars taken last, by the order of the valid ones among them.
  private var slots: [(key: SlotKey, inputs: ClosedRange<UInt64>)] = []
  private var slotInputs = SlotInputs()
  /// The kept matrix that comes next.
  private var nextMatrix: StoredMatrix?
  /// How many bars and rows of features were made, with those before the snapshot.
  private var made: (bars: Int, features: Int)
  /// What is not stored any more.
  private let retained: StoreRetained

  init(
    _ stored: consuming StoredResults, _ labels: RebuildLabels, _ corrections: Corrections,
    behind start: StoredSnapshot? = nil
  ) {
    retained = stored.retained
    made = (start?.bars ?? 0, start?.features ?? 0)
    self.stored = stored
    bars = RowComparison("bars", labels)
    features = RowComparison("features", labels)
    versions = RowComparison("versions", labels)
    matrices = RowComparison("matrices", labels)
    rejects = RowComparison("rejects", labels)
    correctable = CorrectableResults(corrections)
    fetchMatrix()
  }

  mutating func restore(_ reader: inout SnapshotReader) throws(SnapshotError) {
    if correctable == nil { return }
    try statistics.transfer(through: &reader)
    try correctable?.transfer(through: &reader)
  }

  mutating func begin(_ delivery: RunFeed.Delivery) { ticks = delivery.batch.ticks }

  mutating func take(rejections: Span<Rejection>, offset: Int) {
    for index in rejections.indices {
      let sequence = ticks[offset + rejections[index].index].sequence
      if sequence <= retained.rejects { continue }
      let made = RejectedInput(sequence: sequence, reason: rejections[index].reason)
      Self.compare(.init(made, of: sequence...sequence), by: &rejects, &stored) {
        (stored) throws(JournalError) in
        try stored.nextReject().map { RejectedInput(sequence: $0.sequence, reason: $0.reason) }
      }
    }
  }

  mutating func take(bars: Span<CleanBar>) {
    for index in bars.indices { slotInputs.add(bars[index].bar) }
    if correctable == nil { compare(bars) } else { correctable?.add(bars) }
  }

  mutating func take(features: Span<FeatureRow>) {
    if correctable == nil { compare(features) } else { correctable?.add(features) }
  }

  mutating func take(correction: borrowing Correction) {
    correctable?.take(correction, &statistics)
    for revised in correction.bars { slotInputs.add(revised.clean.bar) }
  }

  mutating func take(version: borrowing HeldVersion) {
    let (number, start) = (version.number, version.start)
    if number <= retained.versions { return }
    let cause = version.header.correctingSequence
    let inputs = cause > 0 ? cause...cause : slotInputs.inputs(at: start)
    let made = StoredVersion(number: number, time: start, hash: version.hash)
    Self.compare(.init(made, of: inputs), by: &versions, &stored) {
      (stored) throws(JournalError) in try stored.nextVersion()
    }
    while let kept = nextMatrix, kept.version <= number {
      if kept.version == number { return compare(version.snapshot(), with: kept, inputs) }
      // Of no version that there is.
      fetchMatrix()
      matrices.refuse(kept)
    }
  }

  mutating func take(clock: Timestamp) {
    slotInputs.forget(before: clock)
    guard let final = correctable?.release(at: clock) else { return }
    compare(final.bars.span)
    compare(final.rows.span)
  }

  private mutating func compare(_ bars: Span<CleanBar>) {
    slots.removeAll(keepingCapacity: true)
    for index in bars.indices {
      let bar = bars[index].bar
      let inputs = bar.firstSequence...bar.lastSequence
      if bars[index].isValid { slots.append((bars[index].key, inputs)) }
      made.bars += 1
      let presence = Presence(made.bars, deleted: retained.bars)
      if presence == .deleted { continue }
      Self.compare(
        .init(bars[index], of: inputs, isExpected: presence == .expected), by: &self.bars, &stored
      ) {
        (stored) throws(JournalError) in try stored.nextBar()
      }
    }
  }

  private mutating func compare(_ rows: Span<FeatureRow>) {
    var place = 0
    for index in rows.indices {
      let key = rows[index].key
      while place < slots.count, slots[place].key != key { place += 1 }
      // A late tick can have changed the row of a bar that stays what it is.
      let inputs = place < slots.count ? slots[place].inputs : slotInputs.inputs(at: key.start)
      made.features += 1
      let presence = Presence(made.features, deleted: retained.features)
      if presence == .deleted { continue }
      Self.compare(
        .init(rows[index], of: inputs, isExpected: presence == .expected), by: &features, &stored
      ) {
        (stored) throws(JournalError) in try stored.nextFeatures()
      }
    }
  }

  private mutating func compare(
    _ made: CorrelationSnapshot, with kept: StoredMatrix, _ inputs: ClosedRange<UInt64>
  ) {
    fetchMatrix()
    matrices.take(.init(StoredMatrix(made), of: inputs), kept)
  }

  private mutating func fetchMatrix() {
    nextMatrix = nil
    do throws(JournalError) { nextMatrix = try stored.nextMatrix() } catch {
      matrices.fail("\(error)")
    }
  }

  // Static, as what is stored is read while the comparison is under way.
  private static func compare<Row: ComparedRow>(
    _ made: RowComparison<Row>.Made, by comparison: inout RowComparison<Row>,
    _ stored: inout StoredResults,
    next: (inout StoredResults) throws(JournalError) -> Row?
  ) {
    do { try comparison.take(made) { try next(&stored) } } catch { comparison.fail("\(error)") }
  }

  /// Compares what is left; where the inputs are cut, it cannot be.
  consuming func finish(isCut: Bool) -> [RebuiltTable] {
    Self.finish(&rejects, isCut, &stored) { (stored) throws(JournalError) in
      try stored.nextReject().map { RejectedInput(sequence: $0.sequence, reason: $0.reason) }
    }
    Self.finish(&bars, isCut, &stored) { (stored) throws(JournalError) in try stored.nextBar() }
    Self.finish(&features, isCut, &stored) { (stored) throws(JournalError) in
      try stored.nextFeatures()
    }
    Self.finish(&versions, isCut, &stored) { (stored) throws(JournalError) in
      try stored.nextVersion()
    }
    var kept = nextMatrix
    Self.finish(&matrices, isCut, &stored) { (stored) throws(JournalError) in
      if kept == nil { return nil }
      let next = kept
      kept = try stored.nextMatrix()
      return next
    }
    return [rejects.table, bars.table, features.table, versions.table, matrices.table]
  }

  private static func finish<Row: ComparedRow>(
    _ comparison: inout RowComparison<Row>, _ isCut: Bool, _ stored: inout StoredResults,
    next: (inout StoredResults) throws(JournalError) -> Row?
  ) {
    do { try comparison.finish(isCut: isCut) { try next(&stored) } } catch {
      comparison.fail("\(error)")
    }
  }
}

/// Whether a row that was made is there, where the first ones are deleted.
private enum Presence {
  case deleted, unclear, expected

  /// Bars of a batch may come in another order once more, so that the border is not sharp.
  private static let border = 4096

  init(_ place: Int, deleted count: Int) {
    if count == 0 || place > count + Self.border {
      self = .expected
    } else {
      self = place > count - Self.border ? .unclear : .deleted
    }
  }
}

extension StoredMatrix {
  /// What a store keeps of a version.
  init(_ version: CorrelationSnapshot) {
    self.init(
      version: version.number,
      symbols: (0..<UInt32(version.symbolCount)).map(SymbolID.init(rawValue:)),
      correlations: version.correlations, jointRows: version.jointCounts)
  }
}
