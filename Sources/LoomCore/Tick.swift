/// One quote or trade, or one input bar: 80 bytes without padding.
///
/// An absent price or size is NaN, never 0. A record with ``TickFlags/bar`` carries an input bar:
/// open, high, low and close stand in `bid`, `ask`, `bidSize` and `last`, the volume in `lastSize`,
/// its start in `time`; ``open``, ``high`` and ``low`` read them.
@frozen
public struct Tick: BitwiseCopyable, Sendable {
  /// Event time.
  public var time: Timestamp
  /// When it was received; equal to `time` where the source does not say.
  public var receiveTime: Timestamp
  /// Best bid price.
  public var bid: Double
  /// Best ask price.
  public var ask: Double
  /// Size at the bid.
  public var bidSize: Double
  /// Size at the ask.
  public var askSize: Double
  /// Price of the last trade; the close of an input bar.
  public var last: Double
  /// Size of the last trade; the volume of an input bar.
  public var lastSize: Double
  /// The venue's own sequence number; 0 where there is none.
  public var venueSequence: UInt64
  /// The symbol.
  public var symbol: SymbolID
  /// The feed it came from.
  public var source: SourceID
  /// What kind of record this is.
  public var flags: TickFlags

  /// Creates a tick.
  @inlinable
  public init(
    time: Timestamp, receiveTime: Timestamp? = nil, symbol: SymbolID,
    bid: Double = .nan, ask: Double = .nan, bidSize: Double = .nan, askSize: Double = .nan,
    last: Double = .nan, lastSize: Double = .nan, venueSequence: UInt64 = 0,
    source: SourceID = SourceID(rawValue: 0), flags: TickFlags = []
  ) {
    self.time = time
    self.receiveTime = receiveTime ?? time
    self.bid = bid
    self.ask = ask
    self.bidSize = bidSize
    self.askSize = askSize
    self.last = last
    self.lastSize = lastSize
    self.venueSequence = venueSequence
    self.symbol = symbol
    self.source = source
    self.flags = flags
  }

  /// Whether every field has the same bits: NaN equals itself, and 0 differs from −0.
  public func hasSameBits(as other: Tick) -> Bool {
    time == other.time && receiveTime == other.receiveTime && symbol == other.symbol
      && source == other.source && flags == other.flags && venueSequence == other.venueSequence
      && bid.bitPattern == other.bid.bitPattern && ask.bitPattern == other.ask.bitPattern
      && bidSize.bitPattern == other.bidSize.bitPattern
      && askSize.bitPattern == other.askSize.bitPattern
      && last.bitPattern == other.last.bitPattern
      && lastSize.bitPattern == other.lastSize.bitPattern
  }

  /// Creates the record of an input bar that starts at `start`.
  @inlinable
  public init(
    barStart start: Timestamp, symbol: SymbolID, open: Double, high: Double, low: Double,
    close: Double, volume: Double = .nan, venueSequence: UInt64 = 0,
    source: SourceID = SourceID(rawValue: 0)
  ) {
    self.init(
      time: start, symbol: symbol, bid: open, ask: high, bidSize: low, last: close,
      lastSize: volume, venueSequence: venueSequence, source: source, flags: .bar)
  }

  /// The open of an input bar.
  @inlinable
  public var open: Double { bid }
  /// The high of an input bar.
  @inlinable
  public var high: Double { ask }
  /// The low of an input bar.
  @inlinable
  public var low: Double { bidSize }
}

/// What kind of record a ``Tick`` is.
@frozen
public struct TickFlags: OptionSet, BitwiseCopyable, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt16

  /// Creates a set of flags.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Carries a quote.
  public static var quote: TickFlags { TickFlags(rawValue: 1) }
  /// Carries a trade.
  public static var trade: TickFlags { TickFlags(rawValue: 2) }
  /// The state at subscription: sets prices, adds no volume.
  public static var snapshot: TickFlags { TickFlags(rawValue: 4) }
  /// The trade was initiated by a buyer.
  public static var buyer: TickFlags { TickFlags(rawValue: 8) }
  /// The trade was initiated by a seller.
  public static var seller: TickFlags { TickFlags(rawValue: 16) }
  /// An input bar; see ``Tick``.
  public static var bar: TickFlags { TickFlags(rawValue: 32) }

  /// The flags of a row that its reader already had to refuse, or none.
  ///
  /// Stored in bits 8 to 11, so that a refused row travels in the same stream as the ticks.
  public init(refusal: RejectReason?) {
    rawValue = refusal.map { UInt16($0.rawValue + 1) << 8 } ?? 0
  }

  /// Why the reader refused this record; nil for a tick that the guard has still to judge.
  @inlinable
  public var refusal: RejectReason? {
    let code = rawValue >> 8 & 15
    return code == 0 ? nil : RejectReason(rawValue: UInt8(code - 1))
  }
}

/// A tick with its place in the total order.
@frozen
public struct SequencedTick: BitwiseCopyable, Sendable {
  /// The journal sequence: 1, 2, 3 … over every input taken.
  public var sequence: UInt64
  /// The tick.
  public var tick: Tick

  /// Creates a sequenced tick.
  @inlinable
  public init(sequence: UInt64, tick: Tick) {
    self.sequence = sequence
    self.tick = tick
  }
}
