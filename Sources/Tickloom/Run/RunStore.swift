internal import LoomCore
internal import LoomJournal
internal import LoomPublishing

/// The SQLite store of a run: bars, features and versions, in transactions of some thousand rows.
struct RunStore: ~Copyable {
  private var store: Store
  private let matrixEvery: UInt64
  private var uncommittedRows = 0
  private static let transactionRows = 50_000

  /// Creates the file; every `matrixEvery`-th version's matrix is stored, none where that is nil.
  init(
    path: String, configuration: StoreConfiguration, sources: [String], matrixEvery: Int?
  ) throws(JournalError) {
    var store = try Store(path: path, configuration: configuration)
    for (index, name) in sources.enumerated() {
      try store.register(SourceID(rawValue: UInt16(index)), name: name)
    }
    self.store = store
    self.matrixEvery = UInt64(matrixEvery ?? 0)
  }

  /// Registers names that follow the first `known` ones.
  mutating func register(_ names: [String], after known: Int) throws(JournalError) {
    for (index, name) in names.enumerated() {
      try store.register(SymbolID(rawValue: UInt32(known + index)), name: name)
    }
  }

  mutating func append(_ bars: Span<CleanBar>) throws(JournalError) {
    try store.append(bars: bars)
    try count(bars.count)
  }

  mutating func append(_ rows: Span<FeatureRow>) throws(JournalError) {
    try store.append(features: rows)
    try count(rows.count)
  }

  mutating func append(_ version: CorrelationSnapshot) throws(JournalError) {
    try store.append(version: version.number, time: version.start, hash: version.hash)
    if matrixEvery > 0, version.number % matrixEvery == 0 {
      let symbols = (0..<UInt32(version.symbolCount)).map(SymbolID.init(rawValue:))
      try store.append(
        matrixOf: version.number, symbols: symbols.span, correlation: version.correlations.span,
        jointRows: version.jointCounts.span)
    }
    try count(1)
  }

  private mutating func count(_ rows: Int) throws(JournalError) {
    uncommittedRows += rows
    if uncommittedRows < Self.transactionRows { return }
    uncommittedRows = 0
    try store.commitBatch()
  }

  /// Commits what is left and marks the run as finished.
  consuming func close() throws(JournalError) { try store.close() }
}
