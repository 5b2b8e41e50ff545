internal import LoomCore
internal import LoomPublishing
internal import LoomSystem

/// The files of an export folder while they are written.
///
/// All get their final names together at the end, or none does.
struct RunFiles: ~Copyable {
  /// Which folder, and what its files are like.
  struct Plan: Sendable {
    var path: String
    var timeframe: Timeframe
    /// Longest gap in slots shown as rows.
    var missingRows: Int64
    var featureNames: [String]
    /// Whether `correlation_history.csv` is written.
    var hasHistory: Bool
    var temporaryFolder: String
  }

  /// Every name that a run may give to a file of the folder.
  static let names = [
    "bars.csv", "features.csv", "correlation.csv", "n_eff.csv", "covariance.csv", "rejects.csv",
    "summary.json", "correlation_history.csv",
  ]

  private var bars: BarTable
  private var features: FeatureTable
  private var rejects: RejectTable
  private var history: HistoryTable?
  private var folder: OutputDirectory
  private let timeframe: Timeframe
  private var order = NameOrder()

  init(_ plan: Plan) throws(SystemError) {
    let folder = try OutputDirectory(path: plan.path)
    let bars = try BarTable(
      try folder.makeFile("bars.csv"), timeframe: plan.timeframe, missingRows: plan.missingRows,
      spoolFolder: plan.temporaryFolder)
    let features = try FeatureTable(
      try folder.makeFile("features.csv"), names: plan.featureNames,
      spoolFolder: plan.temporaryFolder)
    let rejects = try RejectTable(try folder.makeFile("rejects.csv"))
    var history: HistoryTable?
    if plan.hasHistory {
      history = try HistoryTable(try folder.makeFile("correlation_history.csv"))
    }
    // Assigned together: a value that cannot be copied is whole or not there.
    self.folder = folder
    self.bars = bars
    self.features = features
    self.rejects = rejects
    self.history = history
    timeframe = plan.timeframe
  }

  /// Takes what a parcel holds; `labels` already name its symbols.
  mutating func append(_ parcel: borrowing RunParcel, _ labels: Labels) throws(SystemError) {
    order.update(labels.symbols)
    try bars.append(parcel.bars.span, labels)
    try features.append(parcel.features.span, labels)
    try rejects.append(parcel.rejects)
    for version in parcel.versions {
      if let matrix = version.matrix { try history?.append(matrix, names: labels.symbols) }
    }
    try bars.drain(through: parcel.clock, order)
    try features.drain(through: parcel.clock, timeframe, order)
  }

  /// Writes what is left and the files of the end; all that is left to do is to commit the folder.
  consuming func finish(
    _ conclusion: RunParcel.Conclusion, names: [String], _ cancellation: Cancellation
  ) throws(SystemError) -> OutputDirectory {
    var folder = folder
    let order = order
    try folder.finish(try bars.finish(order, cancellation))
    try folder.finish(try features.finish(order, cancellation))
    try folder.finish(try rejects.finish())
    if let history { try folder.finish(try history.finish()) }
    try Self.writeMatrices(conclusion.summary.last, conclusion.covariances, names, &folder)
    let file = try folder.makeFile("summary.json")
    var writer = TextWriter(file)
    writer.text.append(conclusion.summary.json())
    try writer.endRow()
    try folder.finish(try writer.finish())
    return folder
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
