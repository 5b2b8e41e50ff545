internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomNormalization

/// Counts what came out of a run, per symbol, and what went into it, per file.
struct RunStatistics: SnapshotState {
  /// By ``SymbolID``.
  private(set) var symbols: [RunSummary.Counts] = []
  /// By ``SourceID``: rows, and those refused by reason.
  private(set) var sources: [TickCounters] = []
  /// By ``SourceID``: late rows that have corrected their bars.
  private var corrected: [Int] = []
  /// The files of late rows that may still do so, by their sequence.
  private var lateSources: [UInt64: SourceID] = [:]
  /// Far more rows than other threads ever have under way.
  private static let lateMaximum = 1 << 20
  private let missingRows: Int64

  init(sourceCount: Int, missingRows: Int64) {
    corrected = [Int](repeating: 0, count: sourceCount)
    sources = [TickCounters](repeating: TickCounters(), count: sourceCount)
    self.missingRows = missingRows
  }

  mutating func count(_ bars: Span<CleanBar>) {
    for index in bars.indices { count(bars[index], times: 1) }
  }

  /// Counts a bar that a late tick has made, or changed from what is `before`.
  mutating func count(_ bar: CleanBar, insteadOf before: CleanBar?) {
    if let before { count(before, times: -1) }
    count(bar, times: 1)
  }

  private mutating func count(_ bar: CleanBar, times: Int) {
    let symbol = bar.bar.symbol.index
    grow(to: symbol)
    symbols[symbol].bars += times
    let gap = bar.bar.gapSlots
    if gap <= missingRows {
      symbols[symbol].bars += times * Int(gap)
      symbols[symbol].missing += times * Int(gap)
    }
    if bar.flags.contains(.outlier) { symbols[symbol].outliers += times }
  }

  /// Counts feature rows that a late tick has made, or those that it took away where negative.
  mutating func addFeatures(_ count: Int, of symbol: SymbolID) {
    symbols[symbol.index].features += count
  }

  /// Counts a late tick that has corrected its bar.
  mutating func addCorrection(of symbol: SymbolID, sequence: UInt64) {
    symbols[symbol.index].corrections += 1
    if let source = lateSources.removeValue(forKey: sequence) { corrected[source.index] += 1 }
  }

  /// Takes note of a late row that may correct its bar.
  mutating func remember(late input: SequencedTick) {
    if lateSources.count == Self.lateMaximum { lateSources.removeAll(keepingCapacity: true) }
    lateSources[input.sequence] = input.tick.source
  }

  mutating func count(_ rows: Span<FeatureRow>) {
    for index in rows.indices { symbols[rows[index].symbol.index].features += 1 }
  }

  mutating func grow(to symbol: Int) {
    while symbols.count <= symbol { symbols.append(RunSummary.Counts()) }
  }

  /// Counts the rows of a batch for their files.
  mutating func countRows(_ ticks: Span<SequencedTick>) {
    for index in ticks.indices { sources[ticks[index].tick.source.index].accept() }
  }

  /// Counts one of those rows as refused.
  mutating func countRejected(_ tick: Tick, _ reason: RejectReason) {
    sources[tick.source.index].acceptedBecomes(reason)
  }

  /// Counts the rows of feeds that `counters` tell of and that are not counted yet.
  mutating func adopt(_ counters: [StoreCounter]) {
    var totals = Array(repeating: TickCounters(), count: sources.count)
    for counter in counters where counter.source.index < totals.count {
      totals[counter.source.index].reject(counter.reason, count: counter.count)
    }
    for source in sources.indices {
      for reason in RejectReason.allCases where totals[source][reason] > 0 {
        let new = totals[source][reason] - sources[source][reason]
        sources[source].reject(reason, count: max(0, new))
      }
    }
  }

  /// What to tell of each file of which more than half the rows were malformed, repeated or late;
  /// `lateAdvice` is what helps against the last.
  func mostlyRejected(_ files: [Source], lateAdvice: String) -> [String] {
    var texts: [String] = []
    for (place, (file, counts)) in zip(files, sources).enumerated() {
      let (malformed, duplicate, late) = (
        counts[.malformed], counts[.duplicate], counts[.late] - corrected[place]
      )
      guard 2 * (malformed + duplicate + late) > counts.received else { continue }
      let helps =
        if malformed >= max(duplicate, late) {
          "--columns, --time-unit or --time-zone tell how its rows are to be read"
        } else if late >= duplicate {
          lateAdvice
        } else {
          "no option helps: the file repeats itself"
        }
      texts.append(
        "\(file.path): of \(counts.received) rows \(malformed) are malformed, \(duplicate) are"
          + " duplicates and \(late) are late\(corrected[place] > 0 ? " beyond --corrections" : "");"
          + " \(helps)")
    }
    return texts
  }

  /// Transfers every count; those of the files are of the first ones here, of which there may be more.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("counts")
    try coder.states(&symbols) { RunSummary.Counts() }
    let sourceCount = sources.count
    try coder.states(&sources) { TickCounters() }
    try coder.values(&corrected)
    try coder.require(sources.count == corrected.count, "files")
    // A stream that goes on may have fewer; those of the store come first.
    while sources.count < sourceCount {
      sources.append(TickCounters())
      corrected.append(0)
    }
    try transferLateSources(through: &coder)
  }

  private mutating func transferLateSources<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    // In the order of the sequence: that of a dictionary is another in every process.
    var sequences = lateSources.keys.sorted()
    var files = sequences.compactMap { lateSources[$0] }
    try coder.values(&sequences)
    try coder.values(&files)
    try coder.require(sequences.count == files.count, "files of late rows")
    try coder.require(files.allSatisfy { $0.index < sources.count }, "files of late rows")
    if Coder.isReading {
      lateSources = Dictionary(zip(sequences, files), uniquingKeysWith: { first, _ in first })
    }
  }
}
