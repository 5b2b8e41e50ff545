public import LoomCore
public import LoomNormalization
public import LoomPublishing

/// What a run did: everything its closing summary, its JSON and its report show.
public struct RunSummary: Sendable {
  /// How the inputs of a symbol, or of all, ended, and what became of them.
  public struct Counts: SnapshotState, Sendable {
    /// Inputs by how they ended.
    public var ticks = TickCounters()
    /// Bars, the rows shown for missing ones included.
    public var bars = 0
    /// Rows shown for slots of short gaps.
    public var missing = 0
    /// Bars whose return is an outlier.
    public var outliers = 0
    /// Feature rows, one per valid bar.
    public var features = 0
    /// Late inputs that have corrected their bars; each has made a version.
    public var corrections = 0

    /// Creates counts that stand at 0.
    public init() {}

    /// Transfers every count.
    public mutating func transfer<Coder: SnapshotCoder>(
      through coder: inout Coder
    ) throws(SnapshotError) {
      try ticks.transfer(through: &coder)
      try coder.count(&bars)
      try coder.count(&missing)
      try coder.count(&outliers)
      try coder.count(&features)
      try coder.count(&corrections)
    }
  }

  /// One symbol's part.
  public struct Symbol: Sendable {
    /// Its name.
    public var name: String
    /// Its counts.
    public var counts: Counts
    /// Close and volatility over time, thinned; empty unless the run collected charts.
    public var chart: Chart

    /// Creates a symbol's part.
    public init(name: String, counts: Counts, chart: Chart = Chart()) {
      self.name = name
      self.counts = counts
      self.chart = chart
    }
  }

  /// A symbol's course: at most a few hundred points, in order of time.
  public struct Chart: Sendable {
    /// Start of a bar.
    public var times: [Timestamp] = []
    /// Its close.
    public var closes: [Double] = []
    /// `volatility_20` at that bar, NaN where it is not defined.
    public var volatilities: [Double] = []

    /// Creates an empty chart.
    public init() {}
  }

  /// The correlation of two symbols in the last version.
  public struct Pair: Sendable {
    /// The one registered first.
    public var first: String
    /// The other.
    public var second: String
    /// ρ.
    public var correlation: Double
    /// Rows that hold both.
    public var jointCount: Int
    /// Two-sided p-value of ρ by Fisher's z.
    public var pValue: Double
    /// ρ over time, thinned; empty unless the run collected charts.
    public var history: [(time: Timestamp, correlation: Double)] = []

    /// Creates a pair.
    public init(
      first: String, second: String, correlation: Double, jointCount: Int, pValue: Double
    ) {
      self.first = first
      self.second = second
      self.correlation = correlation
      self.jointCount = jointCount
      self.pValue = pValue
    }
  }

  /// Seconds spent in one stage; stages on different threads overlap.
  public struct Stage: Sendable {
    /// The stage, for example `read`.
    public var name: String
    /// Seconds.
    public var seconds: Double

    /// Creates a stage.
    public init(name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }

  /// Files that were left out, each with the reason.
  public var skipped: [(name: String, reason: String)] = []
  /// What a user should know about how a file was read, such as a line skipped before its header.
  public var notes: [(name: String, text: String)] = []
  /// What a user must know even of a quiet run: that a stream's rows were mostly rejected.
  public var warnings: [String] = []
  /// Length of the bars.
  public var timeframe: Timeframe
  /// How the correlations were estimated, for example `rolling, 256 rows`.
  public var estimator: String
  /// What the run was asked for, by the names of its options: `("lateness", "0s")`.
  public var settings: [(name: String, value: String)] = []
  /// Everything together.
  public var total = Counts()
  /// In order of registration.
  public var symbols: [Symbol] = []
  /// How many versions were published.
  public var versions = 0
  /// The last version; nil where there was no row.
  public var last: CorrelationSnapshot?
  /// The most correlated pairs, highest first; none twice in this and ``lowestPairs``.
  public var highestPairs: [Pair] = []
  /// The most anti-correlated pairs, lowest first.
  public var lowestPairs: [Pair] = []
  /// The smallest eigenvalue of the last matrix; nil where it holds a NaN or there is none.
  public var smallestEigenvalue: Double?
  /// Shortest lateness that would have kept 99 % of the inputs.
  public var latenessForMost = Nanoseconds.zero
  /// From the first read to the last write, in seconds.
  public var seconds = 0.0
  /// What the stages took.
  public var stages: [Stage] = []

  /// Creates the summary of a run that has done nothing yet.
  public init(timeframe: Timeframe, estimator: String) {
    self.timeframe = timeframe
    self.estimator = estimator
  }

  /// Late inputs as a share of those received, 0 … 1.
  public var lateShare: Double {
    let received = total.ticks.received
    return received == 0 ? 0 : Double(total.ticks[.late]) / Double(received)
  }

  /// Inputs received per second of the run.
  public var ticksPerSecond: Double {
    seconds > 0 ? Double(total.ticks.received) / seconds : 0
  }
}
