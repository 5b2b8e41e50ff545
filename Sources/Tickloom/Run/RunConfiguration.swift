public import LoomCore
public import LoomImport
public import LoomJournal
public import LoomNormalization
internal import LoomSystem

/// What `tickloom run` is asked to do; every default is the command line's.
public struct RunConfiguration: Sendable {
  /// Where ticks or bars come from.
  public var inputs: [InputLocation]
  /// How they are read.
  ///
  /// Of a store that is replayed, only which symbols and times are taken.
  public var importing = ImportConfiguration()
  /// Length of the bars; nil takes 1 s, or the largest step of the bar files.
  public var timeframe: Timeframe?
  /// Which price of a tick makes the bars.
  public var price = PriceSource.automatic
  /// How long a bar waits for late ticks.
  public var lateness = Nanoseconds.zero
  /// Whether ticks that are later correct their bars; what comes out is the bars as they are then.
  public var corrections = Corrections.off
  /// How far the market clock stays behind; nil takes max(2 s, 2Δ).
  public var idle: Nanoseconds?
  /// Longest gap in slots that a return may span; nil takes 0, or 4 from one day on.
  public var maximumGap: Int64?
  /// Longest gap in slots shown as rows; nil takes 60, or 0 from one day on.
  public var missingRows: Int64?
  /// How correlations are estimated.
  public var estimator = CorrelationEstimator.rolling(window: 256)
  /// Joint rows below which a correlation is NaN; nil takes the estimator's default.
  public var minimumPeriods: Int?
  /// Whether feature rows also hold the z-scored form of every value.
  public var normalizesFeatures = false
  /// Over how many threads the symbols are spread, 1 … 64; nothing of it shows in what comes out.
  public var shards = 1
  /// Folder for the exported files; nil exports nothing.
  public var exportFolder: String?
  /// Every how many versions the matrix goes to `correlation_history.csv` and to the store; nil never.
  public var historyEvery: Int?
  /// A store whose inputs are taken again, in place of ``inputs``.
  public var replayedStore: String?
  /// How fast these are taken.
  public var replaySpeed = ReplaySpeed.maximum
  /// The last of these inputs that is taken, and nothing after it; nil takes them all.
  var replayedThrough: UInt64?
  /// Where they begin; nil at the first.
  var replayedFrom: StoredSnapshot?
  /// The SQLite store; nil stores nothing.
  public var storePath: String?
  /// Whether the run goes on in the store, where that holds one.
  public var resumes = false
  /// After how many inputs the store takes a snapshot to go on from; 0 for none.
  public var snapshotEvery = 5_000_000
  /// How long the store keeps what it holds; it takes snapshots to delete anything.
  public var retention = StoreRetention.everything
  /// Rows that the store commits at once.
  var storeBatchRows = 50_000
  /// The program that is named in the store's manifest.
  public var program = "Tickloom \(Version.text)"
  /// How far an event time may lie after its receive time; nil takes 5 s by the wall clock, else any.
  var maximumAhead: Nanoseconds?
  /// Most slots of one symbol that wait while all others are silent; nil takes 1,048,576.
  var heldSlots: Int?
  /// Whose clock a live run goes by; others have no other than the data's.
  public var clock = LiveClock.data
  /// Whether the summary holds courses for a report.
  public var collectsCharts = false
  /// Who is told of what goes on; nobody unless set.
  public var diagnostics = DiagnosticConfiguration.none
  /// Where temporary files go.
  public var temporaryFolder = "/tmp"

  /// Creates a configuration with the defaults.
  public init(inputs: [InputLocation]) { self.inputs = inputs }

  /// The file that the export would put at `path`; nil where it leaves the path alone.
  public func exportedFile(at path: String) -> String? {
    guard let exportFolder else { return nil }
    let folder = exportFolder.hasSuffix("/") ? exportFolder : exportFolder + "/"
    return RunFiles.names.first { FileSystem.isSamePlace(folder + $0, path) }
  }

  /// The settings of the stages for bars of `timeframe`.
  func pipeline(_ timeframe: Timeframe) throws(RunError) -> PipelineConfiguration {
    let normalization: NormalizationConfiguration
    do {
      normalization = try NormalizationConfiguration(
        timeframe: timeframe, price: price, lateness: lateness, idle: idle,
        maximumAhead: maximumAhead ?? (clock == .wall ? .seconds(5) : nil), maximumGap: maximumGap,
        corrections: corrections)
    } catch {
      throw .configuration(Self.text(error, timeframe))
    }
    do {
      let correlation = try CorrelationConfiguration(
        estimator: estimator, minimumPeriods: minimumPeriods)
      var settings = PipelineConfiguration(
        normalization: normalization, correlation: correlation)
      if let heldSlots { settings.heldSlots = heldSlots }
      return settings
    } catch {
      throw .configuration(
        "the estimator is out of range: a window has 2 … 1048576 rows, λ lies between 0 and 1,"
          + " minimum periods are 1 … 1048576")
    }
  }

  /// What is wrong with the bars, by the option where there is more to say of it.
  private static func text(_ error: ConfigurationError, _ timeframe: Timeframe) -> String {
    if error.field != "corrections.horizon" { return error.description }
    return "--corrections is \(error.value); allowed is \(error.allowed): at least a bar and the"
      + " lateness, at most 65,536 bars of \(timeframe)"
  }

  /// Longest gap in slots that is shown as rows of bars of `timeframe`.
  func shownGap(_ timeframe: Timeframe) -> Int64 {
    missingRows ?? (timeframe.span < Timeframe.day.span ? 60 : 0)
  }

  /// What helps where most rows are late.
  func lateAdvice(isLive: Bool) -> String {
    switch (isLive, clock) {
    case (false, _): "--sort puts its rows in order of time first, --lateness lets bars wait"
    case (true, .data): "--lateness lets bars wait"
    case (true, .wall): "--lateness lets bars wait, --clock data goes by the times of the lines"
    }
  }

  /// What the run computes with, by the names of the options.
  func settings(_ pipeline: PipelineConfiguration) -> [(name: String, value: String)] {
    let normalization = pipeline.normalization
    let settings = [
      ("timeframe", "\(normalization.timeframe)"), ("estimator", pipeline.estimatorText),
      ("min-periods", "\(pipeline.correlation.minimumPeriods)"),
      ("price", pipeline.normalization.price.rawValue),
      ("lateness", "\(normalization.lateness)"), ("idle", "\(normalization.idle)"),
      ("max-gap", "\(normalization.maximumGap)"),
      ("missing-rows", "\(shownGap(normalization.timeframe))"),
    ]
    let corrected = normalization.corrections.horizon.map { [("corrections", "\($0)")] } ?? []
    return settings + corrected + (clock == .data ? [] : [("clock", clock.rawValue)])
  }
}
