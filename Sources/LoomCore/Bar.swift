/// One OHLCV bar of one symbol over one grid slot, named by the start of its slot.
@frozen
public struct Bar: BitwiseCopyable, Sendable {
  /// Start of the slot.
  public var start: Timestamp
  /// The symbol.
  public var symbol: SymbolID
  /// The feed of its first tick in arrival order.
  public var source: SourceID
  /// 0 until corrected, then rises by one with each correction.
  public var revision: UInt16
  /// Price of the earliest tick by event time, ties by arrival.
  public var open: Double
  /// Highest price.
  public var high: Double
  /// Lowest price.
  public var low: Double
  /// Price of the latest tick by event time, ties by arrival.
  public var close: Double
  /// Sum of last sizes.
  public var volume: Double
  /// Σ price·size / Σ size; the plain mean of the prices where no size was traded.
  public var vwap: Double
  /// Mean of ask − bid over the ticks that have both; NaN without any.
  public var spreadEstimate: Double
  /// How many inputs the bar is made of.
  public var tickCount: Int64
  /// Grid slots without a bar since the symbol's previous bar; 0 for its first.
  public var gapSlots: Int64
  /// Smallest journal sequence in it.
  public var firstSequence: UInt64
  /// Largest journal sequence in it.
  public var lastSequence: UInt64
  /// Journal sequence of the input that closed or corrected it: the last one taken before.
  public var causeSequence: UInt64

  /// Creates a bar.
  @inlinable
  public init(
    start: Timestamp, symbol: SymbolID, source: SourceID = SourceID(rawValue: 0),
    revision: UInt16 = 0, open: Double, high: Double, low: Double, close: Double,
    volume: Double = 0, vwap: Double = .nan, spreadEstimate: Double = .nan, tickCount: Int64 = 1,
    gapSlots: Int64 = 0, firstSequence: UInt64 = 0, lastSequence: UInt64 = 0,
    causeSequence: UInt64 = 0
  ) {
    self.start = start
    self.symbol = symbol
    self.source = source
    self.revision = revision
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.vwap = vwap
    self.spreadEstimate = spreadEstimate
    self.tickCount = tickCount
    self.gapSlots = gapSlots
    self.firstSequence = firstSequence
    self.lastSequence = lastSequence
    self.causeSequence = causeSequence
  }
}

/// A bar with its return and its flags.
@frozen
public struct CleanBar: BitwiseCopyable, Sendable {
  /// The bar.
  public var bar: Bar
  /// ln(close / close of the symbol's previous bar); NaN across a gap longer than the run allows.
  public var logReturn: Double
  /// What is known of its quality.
  public var flags: BarFlags

  /// Creates a clean bar.
  @inlinable
  public init(
    bar: Bar, logReturn: Double = .nan,
    flags: BarFlags = .valid
  ) {
    self.bar = bar
    self.logReturn = logReturn
    self.flags = flags
  }

  /// Start of the symbol's previous bar on the grid of `timeframe`, going by the gap between them;
  /// of a first bar it tells nothing.
  @inlinable
  public func previousStart(_ timeframe: Timeframe) -> Timestamp {
    // A gap that was cut leaves no trace of where it began.
    if bar.gapSlots == .max { return .distantPast }
    // Three centuries leave the range of the product, but not of the result.
    let distance = (bar.gapSlots &+ 1) &* timeframe.span.count
    return Timestamp(nanoseconds: bar.start.nanoseconds &- distance)
  }

  /// Stands where there is no bar.
  package static var none: CleanBar {
    CleanBar(
      bar: Bar(
        start: .distantPast, symbol: .unknown, open: .nan, high: .nan, low: .nan, close: .nan))
  }

  /// Whether features and returns may use it.
  @inlinable
  public var isValid: Bool { flags.contains(.valid) }
}

/// The quality of a ``CleanBar``.
@frozen
public struct BarFlags: OptionSet, BitwiseCopyable, Hashable, Sendable {
  /// The bits; eight bytes wide so that a clean bar has no padding.
  public let rawValue: UInt64

  /// Creates a set of flags.
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A slot of a short gap: no tick fell into it.
  public static var missing: BarFlags { BarFlags(rawValue: 1) }
  /// Its return lies more than ten sample standard deviations from the mean of the last 64.
  public static var outlier: BarFlags { BarFlags(rawValue: 2) }
  /// Not missing, no outlier, low ≤ open, close ≤ high, and low > 0.
  public static var valid: BarFlags { BarFlags(rawValue: 4) }
}
