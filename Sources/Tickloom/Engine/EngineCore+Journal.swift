internal import LoomCore
internal import LoomFeatures
internal import LoomJournal
internal import LoomNormalization
internal import LoomSystem

/// What an engine does for its journal.
extension EngineCore {
  /// Keeps the inputs; nil where nothing is kept.
  var kept: Journal? {
    switch journal {
    case .some(let journal): journal.journal
    case nil: nil
    }
  }

  /// Inputs that went on unkept.
  var unkept: UInt64 {
    switch journal {
    case .some(let journal): journal.unkept
    case nil: 0
    }
  }

  static func names(_ names: [String], without known: [String]) -> [String] {
    let known = Set(known)
    return names.filter { !known.contains($0) }
  }

  /// Where the journal goes on; nil where it begins, or there is none.
  static func resumption(
    _ configuration: EngineConfiguration
  ) throws(JournalError) -> StoreResumption? {
    guard let settings = configuration.journal, settings.resumes,
      StoreResumption.isPossible(path: settings.path)
    else { return nil }
    let point = try StoreResumption(path: settings.path)
    // They would be dropped, and nobody here makes them anew.
    if point.holdsResults {
      throw .otherRun(
        path: settings.path, kept: "bars and versions", asked: "an engine's inputs alone")
    }
    if let snapshot = point.snapshot, EngineSnapshot.pipelineState(snapshot.state) == nil {
      return try StoreResumption(path: settings.path, usesSnapshot: false)
    }
    return point
  }

  static func journal(
    _ settings: EngineJournalConfiguration, _ text: String,
    _ pipeline: borrowing Pipeline<Members>, _ point: StoreResumption?, _ names: [String],
    _ watch: EngineWatch
  ) throws -> EngineJournal {
    if let point { watch.resumed(settings.path, behind: point.lastSequence, cut: point.cut) }
    var journal = try EngineJournal(
      settings,
      StoreConfiguration(
        text: text, timeframe: pipeline.configuration.normalization.timeframe,
        featureNames: pipeline.featureNames, manifest: StoreManifest(program: settings.program),
        retention: settings.retention),
      resuming: point)
    for (index, name) in names.enumerated() where index >= point?.symbols.count ?? 0 {
      journal.register(SymbolID(rawValue: UInt32(index)), name)
    }
    return journal
  }

  /// Takes what the store holds behind its snapshot, as it was then; once, before anything else.
  mutating func takeStored() throws {
    guard let point = owed else { return }
    owed = nil
    let first = point.snapshot?.sequence ?? 0
    var stored = try StoredTicks(path: point.path, after: first)
    var events = stored.clockEvents[
      stored.placeOfClockEvent(after: point.passedClockEvents)...]
    var group: [SequencedTick] = []
    while try group.last?.sequence != point.lastSequence && stored.read(into: &group) {
      var place = group.firstIndex { $0.sequence > first } ?? group.count
      while place < group.count {
        while let event = events.first, event.afterSequence < group[place].sequence {
          events.removeFirst()
          try pipeline.advance(to: event.time, into: &consumer)
        }
        let border = events.first?.afterSequence ?? .max
        let end = group[place...].firstIndex { $0.sequence > border } ?? group.count
        try takeStored(Array(group[place..<end]))
        place = end
      }
    }
    for event in events { try pipeline.advance(to: event.time, into: &consumer) }
    sequencer.skip(through: point.lastSequence)
  }

  private mutating func takeStored(_ inputs: [SequencedTick]) throws {
    if inputs.isEmpty { return }
    consumer.take(inputs: inputs.span)
    try pipeline.process(inputs.span, into: &consumer)
  }

  /// A cycle whose ticks are kept as they are numbered.
  mutating func cycleJournaled() throws -> Int {
    let count = try Self.cycleJournaled(&sequencer, desk, &pipeline, &consumer, &journal)
    if journal?.isStrict == true {
      try release()
    } else {
      journal?.dispatch(through: sequencer.lastSequence)
    }
    try keepSnapshot()
    return count
  }

  // Static, as the sequencer hands its ticks to the others.
  private static func cycleJournaled(
    _ sequencer: inout Sequencer, _ desk: borrowing FeedDesk,
    _ pipeline: inout Pipeline<Members>, _ consumer: inout LastingConsumer<Consumer>,
    _ journal: inout EngineJournal?
  ) throws -> Int {
    let isStrict = journal?.isStrict ?? false
    return try sequencer.cycle(desk, atMost: journal?.room ?? .max) { ticks, times in
      journal?.keep(ticks)
      if isStrict {
        journal?.hold(ticks)
        return times.moment
      }
      consumer.take(inputs: ticks)
      pipeline.stageClock.batch = times
      try pipeline.process(ticks, into: &consumer)
      return pipeline.stageClock.batch.moment
    }
  }

  /// Has what is kept by now go on.
  private mutating func release() throws {
    try Self.release(&journal, &pipeline, &consumer, through: sequencer.lastSequence)
  }

  private static func release(
    _ journal: inout EngineJournal?, _ pipeline: inout Pipeline<Members>,
    _ consumer: inout LastingConsumer<Consumer>, through last: UInt64
  ) throws {
    try journal?.release(through: last) { ticks in
      consumer.take(inputs: ticks)
      try pipeline.process(ticks, into: &consumer)
    } _: { moment in
      try pipeline.advance(to: moment, into: &consumer)
    }
  }

  /// Has the journal keep the state, if that is due.
  private mutating func keepSnapshot() throws {
    guard Pipeline<Members>.isRestorable, let behind = journal?.dispatched,
      journal?.isSnapshotDue(behind: behind) == true
    else { return }
    try pipeline.settle(into: &consumer)
    let state = try EngineSnapshot.take(&pipeline)
    journal?.append(snapshot: state, behind: behind, at: pipeline.gate.knownTime)
  }

  /// A sequence at or behind which everything of a mark is, nil while some of it is in its ring.
  func sequence(of mark: FeedMark) -> UInt64? {
    let isAll = mark.counts.allSatisfy { sequencer.numbered($0.symbol) >= $0.count }
    return isAll ? sequencer.lastSequence : nil
  }

  /// Whether a ring holds anything.
  var hasWaiting: Bool {
    desk.open.contains { sequencer.door.count($0) > 0 }
  }

  /// Keeps everything, and has what waited for that go on.
  mutating func closeJournal() throws {
    guard let kept = journal?.journal else { return }
    for symbol in desk.open { keepOverflow(symbol, isLast: true) }
    defer {
      // What could not be kept does not go on.
      for (symbol, count) in journal?.giveUp() ?? [] {
        pipeline.refuse(symbol, .overflow, count: count)
      }
    }
    do {
      try kept.close()
    } catch {
      // Unkept ticks go on where they may.
      if configuration.journal?.onFailure == .continueUnjournaled { try release() }
      throw error
    }
    try release()
  }

  /// Has the journal count what the feed of a symbol has given up since the last time.
  mutating func keepOverflow(_ symbol: SymbolID, isLast: Bool = false) {
    while countedDrops.count <= symbol.index { countedDrops.append(0) }
    let left = isLast ? UInt64(sequencer.door.count(symbol)) : 0
    let count = sequencer.door.dropped(symbol) + left
    let new = Int(count - countedDrops[symbol.index])
    if new == 0 { return }
    countedDrops[symbol.index] = count
    let source = desk.label(of: symbol).source
    let place = counted.firstIndex {
      $0.source == source && $0.symbol == symbol && $0.reason == .overflow
    }
    let counter = StoreCounter(
      source: source, symbol: symbol, reason: .overflow,
      count: new + (place.map { counted[$0].count } ?? 0))
    if let place { counted[place] = counter } else { counted.append(counter) }
    journal?.put(counter)
  }
}
