internal import LoomCore
internal import LoomJournal
internal import LoomPublishing
internal import LoomSystem

/// The SQLite store of a run: inputs, bars, features and versions.
///
/// Readers see, and a run that is stopped or killed leaves, what is a second old.
struct RunStore: ~Copyable {
  /// Which file, and for what run.
  struct Plan: Sendable {
    var path: String
    var configuration: StoreConfiguration
    /// Where the run goes on; nil begins one.
    var resumption: StoreResumption?
    /// With so many rows a batch is committed.
    var batchRows = 50_000
  }

  private var store: Store
  private var uncommittedRows = 0
  /// When the rows that wait are to be committed; nil where none wait.
  private(set) var dueNanoseconds: Int64?
  private let batchRows: Int
  private static let patienceNanoseconds: Int64 = 1_000_000_000
  /// So many inputs weigh as much as a row.
  private static let ticksPerRow = 16

  /// Creates the file; `sources` are its feeds by ``SourceID``.
  init(_ plan: Plan, sources: [String]) throws(JournalError) {
    var store =
      if let resumption = plan.resumption {
        try Store(resuming: resumption, configuration: plan.configuration)
      } else {
        try Store(path: plan.path, configuration: plan.configuration)
      }
    for (index, name) in sources.enumerated() where index >= store.sourceCount {
      try store.register(SourceID(rawValue: UInt16(index)), name: name)
    }
    // A reader finds the tables from now on.
    try store.commitBatch()
    self.store = store
    batchRows = plan.batchRows
  }

  /// Takes what a parcel holds; its names follow the `known` ones.
  mutating func append(_ parcel: borrowing RunParcel, known: Int) throws(JournalError) {
    for (index, name) in parcel.newSymbols.enumerated() where known + index >= store.symbolCount {
      try store.register(SymbolID(rawValue: UInt32(known + index)), name: name)
    }
    try store.append(ticks: parcel.ticks.span)
    try store.append(rejects: parcel.rejected.span)
    for event in parcel.clockEvents { try store.append(clock: event) }
    try store.append(bars: parcel.bars.span)
    try store.append(features: parcel.features.span)
    for version in parcel.versions { try append(version) }
    for position in parcel.positions { try store.put(position) }
    for counter in parcel.counters { try store.put(counter) }
    if let snapshot = parcel.snapshot { try store.append(snapshot) }
    if parcel.isEmpty { return }
    uncommittedRows += parcel.ticks.count / Self.ticksPerRow + parcel.rejected.count
    uncommittedRows += parcel.bars.count + parcel.features.count + parcel.versions.count
    if dueNanoseconds == nil {
      dueNanoseconds = MonotonicClock.nanoseconds + Self.patienceNanoseconds
    }
    if uncommittedRows >= batchRows { try commit() } else { try commitIfDue() }
  }

  /// Commits what has waited for a second.
  mutating func commitIfDue() throws(JournalError) {
    if let dueNanoseconds, MonotonicClock.nanoseconds >= dueNanoseconds { try commit() }
  }

  private mutating func commit() throws(JournalError) {
    (uncommittedRows, dueNanoseconds) = (0, nil)
    try store.commitBatch()
  }

  private mutating func append(_ version: RunParcel.Version) throws(JournalError) {
    try store.append(version: version.number, time: version.start, hash: version.hash)
    guard let matrix = version.matrix else { return }
    let symbols = (0..<UInt32(matrix.symbolCount)).map(SymbolID.init(rawValue:))
    try store.append(
      matrixOf: version.number, symbols: symbols.span, correlation: matrix.correlations.span,
      jointRows: matrix.jointCounts.span)
  }

  /// Leaves nothing, unless the run was there before.
  consuming func discard() { store.discard() }

  /// Commits what is left and marks the run as finished.
  consuming func close() throws(JournalError) { try store.close() }
}
