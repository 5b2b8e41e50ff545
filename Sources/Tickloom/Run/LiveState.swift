public import LoomCore

/// How things are at one moment of a live run.
public struct LiveState: Sendable {
  /// One symbol's part.
  public struct Symbol: Sendable {
    /// Its name.
    public var name: String
    /// Inputs that were accepted.
    public var accepted: Int
    /// Inputs that were not.
    public var rejected: Int
    /// The price of the latest one in order of arrival; NaN before there is one.
    public var price: Double
    /// The largest accepted event time; ``Timestamp/distantPast`` before there is one.
    public var latest: Timestamp
    /// The bar that closed last; nil before one did.
    public var bar: CleanBar?

    /// Creates a symbol's part.
    public init(
      name: String, accepted: Int, rejected: Int, price: Double, latest: Timestamp, bar: CleanBar?
    ) {
      self.name = name
      self.accepted = accepted
      self.rejected = rejected
      self.price = price
      self.latest = latest
      self.bar = bar
    }
  }

  /// The correlation of two symbols in the latest version.
  public struct Pair: Sendable {
    /// The one registered first.
    public var first: SymbolID
    /// The other.
    public var second: SymbolID
    /// ρ.
    public var correlation: Double
    /// Rows that hold both.
    public var jointCount: Int

    /// Creates a pair.
    public init(first: SymbolID, second: SymbolID, correlation: Double, jointCount: Int) {
      self.first = first
      self.second = second
      self.correlation = correlation
      self.jointCount = jointCount
    }
  }

  /// Length of the bars.
  public var timeframe: Timeframe
  /// How the correlations are estimated, for example `rolling, 256 rows`.
  public var estimator = ""
  /// How many rows two symbols must have in common before they have a correlation.
  public var minimumRows = 0
  /// Inputs taken so far.
  public var received = 0
  /// How many of them were rejected.
  public var rejected = 0
  /// Inputs a second, over about the last second.
  public var receivedPerSecond = 0.0
  /// Bars so far, the rows shown for missing ones included.
  public var bars = 0
  /// Versions so far.
  public var versions = 0
  /// How far the market is known to be; ``Timestamp/distantPast`` while nothing is known.
  public var marketClock = Timestamp.distantPast
  /// What lags are measured from: the wall clock where the run goes by it, else the furthest event time
  /// of all symbols.
  public var now = Timestamp.distantPast
  /// In order of registration.
  public var symbols: [Symbol] = []
  /// The strongest correlations, largest |ρ| first.
  public var pairs: [Pair] = []

  /// Creates a state in which nothing has come.
  public init(timeframe: Timeframe) { self.timeframe = timeframe }
}
