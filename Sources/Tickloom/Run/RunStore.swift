internal import LoomCore
internal import LoomJournal
internal import LoomPublishing

/// The SQLite store of a run: inputs, bars, features and versions, in transactions of some thousand rows.
struct RunStore: ~Copyable {
  /// Which file, and for what run.
  struct Plan: Sendable {
    var path: String
    var configuration: StoreConfiguration
  }

  private var store: Store
  private var uncommittedRows = 0
  private static let transactionRows = 50_000
  /// So many inputs weigh as much as a row.
  private static let ticksPerRow = 16

  /// Creates the file; `sources` are its feeds by ``SourceID``.
  init(_ plan: Plan, sources: [String]) throws(JournalError) {
    var store = try Store(
      path: plan.path, configuration: plan.configuration, keepsBatches: false)
    for (index, name) in sources.enumerated() {
      try store.register(SourceID(rawValue: UInt16(index)), name: name)
    }
    self.store = store
  }

  /// Takes what a parcel holds; its names follow the `known` ones.
  mutating func append(_ parcel: borrowing RunParcel, known: Int) throws(JournalError) {
    for (index, name) in parcel.newSymbols.enumerated() {
      try store.register(SymbolID(rawValue: UInt32(known + index)), name: name)
    }
    try store.append(ticks: parcel.ticks.span)
    try store.append(rejects: parcel.rejected.span)
    for event in parcel.clockEvents { try store.append(clock: event) }
    try store.append(bars: parcel.bars.span)
    try store.append(features: parcel.features.span)
    for version in parcel.versions { try append(version) }
    uncommittedRows += parcel.ticks.count / Self.ticksPerRow + parcel.rejected.count
    uncommittedRows += parcel.bars.count + parcel.features.count + parcel.versions.count
    if uncommittedRows < Self.transactionRows { return }
    uncommittedRows = 0
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

  /// Commits what is left and marks the run as finished.
  consuming func close() throws(JournalError) { try store.close() }
}
