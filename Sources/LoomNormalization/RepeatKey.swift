internal import LoomCore

/// What an input and its repeat have in common: all but receive time, side and flags.
struct RepeatKey: SnapshotValue {
  private let venueSequence: UInt64
  private let time: Timestamp
  private let bid: Double
  private let ask: Double
  private let bidSize: Double
  private let askSize: Double
  private let last: Double
  private let lastSize: Double

  /// Stands where there is no input.
  static var none: RepeatKey { RepeatKey(Tick(time: .distantPast, symbol: .unknown)) }

  @inline(__always)
  init(_ tick: Tick) {
    venueSequence = tick.venueSequence
    time = tick.time
    bid = tick.bid
    ask = tick.ask
    bidSize = tick.bidSize
    askSize = tick.askSize
    last = tick.last
    lastSize = tick.lastSize
  }

  /// Whether every field is equal; NaN equals NaN, as 0 does -0.
  func isSame(as other: RepeatKey) -> Bool {
    func same(_ one: Double, _ two: Double) -> Bool { one == two || (one.isNaN && two.isNaN) }
    return venueSequence == other.venueSequence && time == other.time
      && same(bid, other.bid) && same(ask, other.ask)
      && same(last, other.last) && same(lastSize, other.lastSize)
      && same(bidSize, other.bidSize) && same(askSize, other.askSize)
  }
}
