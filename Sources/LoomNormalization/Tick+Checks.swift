internal import LoomCore

extension Tick {
  /// (bid + ask) / 2: NaN where a side is absent, infinite where the sum leaves Double's range.
  @inline(__always)
  var mid: Double { (bid + ask) / 2 }

  /// The price that `source` asks for; the mid where it leaves that open.
  @inline(__always)
  func price(_ source: PriceSource) -> Double {
    switch source {
    case .automatic, .mid: mid
    case .bid: bid
    case .ask: ask
    case .last: last
    }
  }

  /// Whether every number is surely legal or absent, and a price there; `price` is the one asked for.
  ///
  /// One branch for all: with one for each, what an alternation of quotes and trades leaves out
  /// would be mispredicted.
  @inline(__always)
  func isSound(price: Double) -> Bool {
    let flaws =
      bid.priceFlaw | ask.priceFlaw | last.priceFlaw
      | bidSize.sizeFlaw | askSize.sizeFlaw | lastSize.sizeFlaw | mid.sizeFlaw
    let presences = price.presence | last.presence | mid.presence
    return flaws | ~presences >= 0 && !(bid > ask)
  }

  /// What it adds to the volume.
  @inline(__always)
  var tradedSize: Double { flags.contains(.snapshot) ? 0 : lastSize.present(or: 0) }

  /// Why a quote or trade has no place anywhere; nil for one that is sound.
  func flaw(forced source: PriceSource) -> RejectReason? {
    if bid.isInvalidPrice || ask.isInvalidPrice || last.isInvalidPrice { return .invalidPrice }
    if !(mid.isFinite || last.isFinite || price(source).isFinite) { return .invalidPrice }
    if bid > ask { return .crossed }
    if bidSize.isInvalidSize || askSize.isInvalidSize || lastSize.isInvalidSize {
      return .invalidSize
    }
    return nil
  }

  /// Why an input bar has no place anywhere; nil for one that is sound.
  var flawAsBar: RejectReason? {
    let sound =
      open.isFinite && high.isFinite && low.isFinite && last.isFinite
      && low > 0 && low <= min(open, last) && high >= max(open, last)
    if !sound { return .invalidPrice }
    return lastSize.isInvalidSize ? .invalidSize : nil
  }
}

extension Double {
  /// Absent is fine; present must be finite and positive.
  fileprivate var isInvalidPrice: Bool { !isNaN && !(self > 0 && self < .infinity) }

  /// Absent is fine; present must be finite and not negative.
  fileprivate var isInvalidSize: Bool { self < 0 || self == .infinity }
}

// The bits of a number without a sign, read as an integer, are 0 for 0 and rise with it up to those
// of infinity; above stands NaN. What is negative below thus tells of a sign or of a forbidden value.
extension Double {
  /// Negative unless this is surely a legal price or absent.
  @inline(__always)
  fileprivate var priceFlaw: Int64 { sizeFlaw | (Int64(bitPattern: bitPattern) &- 1) }

  /// Negative unless this is surely a legal size or absent; it is not sure of -0.
  @inline(__always)
  fileprivate var sizeFlaw: Int64 {
    let bits = Int64(bitPattern: bitPattern)
    return bits | ((bits ^ Int64(bitPattern: Double.infinity.bitPattern)) &- 1)
  }

  /// Negative unless this is absent; of a number without a sign.
  @inline(__always)
  fileprivate var presence: Int64 {
    Int64(bitPattern: bitPattern) &- (Int64(bitPattern: Double.infinity.bitPattern) + 1)
  }

  /// This, or `other` where it is NaN or has a sign.
  ///
  /// Masked: which numbers a tick has cannot be predicted.
  @inline(__always)
  func present(or other: Double) -> Double {
    let mask = UInt64(bitPattern: (presence & ~Int64(bitPattern: bitPattern)) >> 63)
    return Double(bitPattern: bitPattern & mask | other.bitPattern & ~mask)
  }
}
