internal import LoomCore
internal import LoomPublishing
internal import LoomSystem

/// The files of an export folder while they are written.
///
/// All get their final names together at the end, or none does.
struct RunFiles: ~Copyable {
  private var folder: OutputDirectory
  var bars: BarTable
  var features: FeatureTable
  var rejects: RejectTable
  private var history: HistoryTable?
  private let historyEvery: UInt64
  private let timeframe: Timeframe
  private var order = NameOrder()

  static func create(
    path: String, timeframe: Timeframe, missingRows: Int64, featureNames: [String],
    historyEvery: Int?, temporaryFolder: String
  ) throws(SystemError) -> RunFiles {
    let folder = try OutputDirectory(path: path)
    let bars = try BarTable(
      try folder.makeFile("bars.csv"), timeframe: timeframe, missingRows: missingRows,
      spoolFolder: temporaryFolder)
    let features = try FeatureTable(
      try folder.makeFile("features.csv"), names: featureNames, spoolFolder: temporaryFolder)
    let rejects = try RejectTable(try folder.makeFile("rejects.csv"))
    var history: HistoryTable?
    if historyEvery != nil {
      history = try HistoryTable(try folder.makeFile("correlation_history.csv"))
    }
    return RunFiles(
      folder: folder, bars: bars, features: features, rejects: rejects, history: history,
      historyEvery: UInt64(historyEvery ?? 0), timeframe: timeframe)
  }

  private init(
    folder: consuming OutputDirectory, bars: consuming BarTable, features: consuming FeatureTable,
    rejects: consuming RejectTable, history: consuming HistoryTable?, historyEvery: UInt64,
    timeframe: Timeframe
  ) {
    self.folder = folder
    self.bars = bars
    self.features = features
    self.rejects = rejects
    self.history = history
    self.historyEvery = historyEvery
    self.timeframe = timeframe
  }

  mutating func register(_ names: [String]) { order.update(names) }

  mutating func append(_ version: CorrelationSnapshot, names: [String]) throws(SystemError) {
    if historyEvery > 0, version.number % historyEvery == 0 {
      try history?.append(version, names: names)
    }
  }

  mutating func drain(through clock: Timestamp) throws(SystemError) {
    try bars.drain(through: clock, order)
    try features.drain(through: clock, timeframe, order)
  }

  /// Writes what is left and the files of the end, and gives every file its final name.
  consuming func commit(
    _ summary: RunSummary, covariances: [Double], names: [String]
  ) throws(SystemError) {
    var folder = folder
    let order = order
    try folder.finish(try bars.finish(order))
    try folder.finish(try features.finish(order))
    try folder.finish(try rejects.finish())
    if let history { try folder.finish(try history.finish()) }
    try Self.writeMatrices(summary.last, covariances, names, &folder)
    let file = try folder.makeFile("summary.json")
    var writer = TextWriter(file)
    writer.text.append(summary.json())
    try writer.endRow()
    try folder.finish(try writer.finish())
    try folder.commit()
  }

  private static func writeMatrices(
    _ last: CorrelationSnapshot?, _ covariances: [Double], _ names: [String],
    _ folder: inout OutputDirectory
  ) throws(SystemError) {
    func place(_ row: Int, _ column: Int) -> Int? {
      guard let last, max(row, column) < last.symbolCount else { return nil }
      return last.place(SymbolID(rawValue: UInt32(row)), SymbolID(rawValue: UInt32(column)))
    }
    let correlation = try folder.makeFile("correlation.csv")
    try folder.finish(
      try MatrixTable.write(correlation, names: names) { row, column, text in
        if let place = place(row, column), let last { text.append(last.correlations[place]) }
      })
    let counts = try folder.makeFile("n_eff.csv")
    try folder.finish(
      try MatrixTable.write(counts, names: names) { row, column, text in
        text.append(place(row, column).flatMap { last?.jointCounts[$0] }.map(Int64.init) ?? 0)
      })
    let covariance = try folder.makeFile("covariance.csv")
    try folder.finish(
      try MatrixTable.write(covariance, names: names) { row, column, text in
        if let place = place(row, column) { text.append(covariances[place]) }
      })
  }
}
