public import LoomCore

/// An accepted input reduced to what a bar is made of.
@frozen
public struct PricedTick: BitwiseCopyable, Sendable {
  /// Event time.
  public var time: Timestamp
  /// The market clock once this input was taken; ``Timestamp/distantPast`` before there is one.
  public var marketClock: Timestamp
  /// Its journal sequence.
  public var sequence: UInt64
  /// Price at the start of the input; for a tick the price of the tick.
  public var open: Double
  /// Highest price of the input.
  public var high: Double
  /// Lowest price of the input.
  public var low: Double
  /// Price at the end of the input.
  public var close: Double
  /// Traded size; 0 where none is known.
  public var size: Double
  /// ask − bid; NaN where one side is absent.
  public var spread: Double
  /// The symbol.
  public var symbol: SymbolID
  /// The feed it came from.
  public var source: SourceID
  /// 1 where it corrects a closed bar; wide enough to leave the record free of padding.
  @usableFromInline var correcting: UInt16

  /// Whether it came too late for its bar and corrects it: it closes nothing and moves no time.
  @inlinable
  public var isCorrecting: Bool {
    get { correcting != 0 }
    set { correcting = newValue ? 1 : 0 }
  }

  /// Creates a record from a tick at one price.
  @inlinable
  public init(
    time: Timestamp, symbol: SymbolID, price: Double, size: Double = 0, spread: Double = .nan,
    sequence: UInt64, marketClock: Timestamp = .distantPast,
    source: SourceID = SourceID(rawValue: 0)
  ) {
    self.init(
      time: time, symbol: symbol, open: price, high: price, low: price, close: price, size: size,
      spread: spread, sequence: sequence, marketClock: marketClock, source: source)
  }

  /// Creates a record from an input bar.
  @inlinable
  public init(
    time: Timestamp, symbol: SymbolID, open: Double, high: Double, low: Double, close: Double,
    size: Double, spread: Double, sequence: UInt64, marketClock: Timestamp, source: SourceID
  ) {
    self.time = time
    self.marketClock = marketClock
    self.sequence = sequence
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.size = size
    self.spread = spread
    self.symbol = symbol
    self.source = source
    correcting = 0
  }
}

/// An input that the ``Guard`` refused.
@frozen
public struct Rejection: BitwiseCopyable, Hashable, Sendable {
  /// Its place in the batch.
  public var index: Int
  /// Why.
  public var reason: RejectReason

  /// Creates a rejection.
  @inlinable
  public init(index: Int, reason: RejectReason) {
    self.index = index
    self.reason = reason
  }
}
